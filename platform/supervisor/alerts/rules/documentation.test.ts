import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { channelRule } from '../running/channel-rule.ts';
import { alertRules } from './alert-rules.ts';
import { guides } from './guides.ts';
import type { AlertRule } from './rule.ts';
import { showSeconds, showValue } from './show-value.ts';
import { guideLink, writeGuides } from './write-guides.ts';

const page = readFileSync(new URL('../../../../docs/monitoring.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('\n### What each means\n');
const rows = [...(section.split('\n### ')[0] ?? '').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(
  ([, name = '', rest = '']) => ({
    name,
    cells: rest.split('|').map((cell) => cell.trim()),
  }),
);
const rules = [...alertRules, channelRule];

const firstCells = ({ severity, threshold, unit, forSeconds }: AlertRule) => [
  severity,
  threshold === undefined ? '' : showValue(threshold, unit),
  forSeconds === 0 ? 'at once' : showSeconds(forSeconds),
];

it('docs/monitoring.md explains each alert of the table, and no other', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
});

it.each(rules)('docs/monitoring.md says of $name what the table says', (rule) => {
  const cells = rows.find(({ name }) => name === rule.name)?.cells ?? [];
  expect(cells.slice(0, 3)).toEqual(firstCells(rule));
  expect(cells[3]).not.toBe('');
  expect(cells[4]).toContain(`\`${rule.command.replace(/\{(\w+)\}/g, '<$1>')}\``);
});

it('docs/alerts.md says what to do at each alert, as the table has it', () => {
  const written = readFileSync(new URL('../../../../docs/alerts.md', import.meta.url), 'utf8');
  expect(written).toBe(writeGuides(rules));
  const anchors = [...written.matchAll(/^## (\w+)$/gm)].map(([, name = '']) => `docs/alerts.md#${name.toLowerCase()}`);
  expect(anchors).toEqual(rules.map(({ name }) => guideLink(name)));
  expect(Object.keys(guides).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
});

const commands = new Set(
  globSync('platform/cli/commands/*/*.ts', { cwd: new URL('../../../../', import.meta.url) }).map((path) =>
    basename(path, '.ts'),
  ),
);

it.each(Object.entries(guides))('tells at %s what can be done, by commands that there are', (_, { screen, steps }) => {
  expect(steps.length).toBeGreaterThan(1);
  expect(screen).toMatch(/^\//);
  const named = steps.flatMap((step) => [...step.matchAll(/`pandect ([a-z]+)/g)].map(([, name = '']) => name));
  expect(named.filter((name) => !commands.has(name))).toEqual([]);
});
