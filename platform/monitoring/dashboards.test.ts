import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dashboards } from './dashboards.ts';
import { seriesOf } from './recorded-scrape.fixture.ts';
import { annotationExpressions, writeDashboard } from './write-dashboard.ts';

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'pandect-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const promtool = (...args: string[]): string => execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });
const hasPromtool = (() => {
  try {
    return promtool('--version') !== '';
  } catch {
    return false;
  }
})();
if (!hasPromtool) process.stderr.write('promtool is missing: its tests are skipped; install the package prometheus\n');

const expressions = [
  ...dashboards.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(([expression]) => expression))),
  ...annotationExpressions,
];
/** JSON is YAML. */
const write = (name: string, content: object): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};

describe('the dashboards', () => {
  it.each(dashboards.map((dashboard) => [dashboard.name, dashboard] as const))(
    'of Grafana are those of the tables: %s; run `npm run dashboards` after a change',
    (name, dashboard) => {
      expect(readFileSync(join(here, 'dashboards', `${name}.json`), 'utf8')).toBe(writeDashboard(dashboard));
    },
  );

  it('lie side by side within 24 columns', () => {
    for (const dashboard of dashboards) {
      const { panels } = JSON.parse(writeDashboard(dashboard));
      const taken = new Set<string>();
      for (const { gridPos: at, title } of panels) {
        expect(at.x + at.w, title).toBeLessThanOrEqual(24);
        for (let x = at.x; x < at.x + at.w; x++) {
          for (let y = at.y; y < at.y + at.h; y++) {
            expect(taken.has(`${x} ${y}`), `${dashboard.name}: ${title}`).toBe(false);
            taken.add(`${x} ${y}`);
          }
        }
      }
    }
  });

  it.skipIf(!hasPromtool)('ask only what Prometheus understands', () => {
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    const path = write('panels.json', { groups: [{ name: 'panels', rules }] });
    expect(promtool('check', 'rules', path)).toContain(`${expressions.length} rules found`);
  });

  it.skipIf(!hasPromtool)(
    'find something for every expression in what a platform shows',
    () => {
      const input = seriesOf(readFileSync(join(here, 'recorded-scrape.txt'), 'utf8')).map(
        ({ series, type, value }) => ({
          series: series.replace('{', '{job="pandect",').replace(/^(\w+)$/, '$1{job="pandect"}'),
          // What is counted rises from reading to reading.
          values: type === 'gauge' ? `${value}+0x30` : `0+${value + 1}x30`,
        }),
      );
      const tests = expressions.map((expr) => ({
        ...{ expr: `count(${expr}) > bool 0`, eval_time: '30m', exp_samples: [{ labels: '{}', value: 1 }] },
      }));
      const path = write('dashboards.json', {
        rule_files: [join(here, 'prometheus-rules.yml')],
        evaluation_interval: '1m',
        tests: [{ name: 'dashboards', interval: '1m', input_series: input, promql_expr_test: tests }],
      });
      expect(promtool('test', 'rules', path)).toContain('SUCCESS');
    },
    120_000,
  );

  it.skipIf(!hasPromtool)('have a Prometheus whose settings it accepts', () => {
    expect(promtool('check', 'config', '--syntax-only', join(here, 'prometheus.yml'))).toContain('SUCCESS');
  });
});
