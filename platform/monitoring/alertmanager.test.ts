import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertRules } from '../supervisor/alerts/rules/alert-rules.ts';

interface Inhibition {
  source_matchers: string[];
  target_matchers: string[];
  equal?: string[];
}

const { inhibit_rules: inhibitions } = parse(readFileSync(join(import.meta.dirname, 'alertmanager.yml'), 'utf8')) as {
  inhibit_rules: Inhibition[];
};

/** The alerts that all of these match. */
const matched = (matchers: readonly string[]): string[] =>
  alertRules
    .filter(({ name, severity }) =>
      matchers.every((matcher) => {
        const [, label, operator, value = ''] = /^(\w+)(=~?)"(.*)"$/.exec(matcher) ?? [];
        const actual = label === 'alertname' ? name : label === 'severity' ? severity : undefined;
        if (actual === undefined) throw new Error(`Match "${matcher}": not understood`);
        return operator === '=' ? actual === value : new RegExp(`^(?:${value})$`).test(actual);
      }),
    )
    .map(({ name }) => name);

it.each(inhibitions)('keeps other alerts back: $source_matchers before $target_matchers', (rule) => {
  const { source_matchers: source, target_matchers: target, equal = [] } = rule;
  const [stronger, weaker] = [matched(source), matched(target)];
  expect([stronger, weaker]).not.toContainEqual([]);
  expect(equal).not.toContain('alertname');
  expect(stronger.filter((name) => weaker.includes(name))).toEqual([]);
});
