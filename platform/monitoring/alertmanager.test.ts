import { spawnSync } from 'node:child_process';
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

const path = join(import.meta.dirname, 'alertmanager.yml');
const hasAmtool = spawnSync('amtool', ['--version']).status === 0;
if (!hasAmtool) process.stdout.write('SKIPPED: amtool on alertmanager.yml, since it is not installed\n');

const { inhibit_rules: inhibitions } = parse(readFileSync(path, 'utf8')) as {
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

it.skipIf(!hasAmtool)('is taken by Alertmanager, which sends each alert to its receiver', () => {
  const amtool = (...args: string[]) => spawnSync('amtool', args, { encoding: 'utf8' });
  const { status, stdout, stderr } = amtool('check-config', path);
  expect({ status, stderr, isTaken: stdout.includes('SUCCESS') }).toEqual({ status: 0, stderr: '', isTaken: true });
  const receiverOf = (...labels: string[]) =>
    amtool('config', 'routes', 'test', `--config.file=${path}`, ...labels).stdout;
  expect(receiverOf('alertname=Memory', 'severity=critical').trim()).toBe('operator');
  expect(receiverOf('alertname=Watchdog').trim()).toBe('heartbeat');
});
