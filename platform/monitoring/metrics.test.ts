import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seriesOf } from './recorded-scrape.fixture.ts';

const recorded = readFileSync(join(import.meta.dirname, 'recorded-scrape.txt'), 'utf8');
const described = readFileSync(join(import.meta.dirname, '../../docs/monitoring.md'), 'utf8');

/** What a platform showed, by metric. */
const shown = new Map(
  [...Map.groupBy(seriesOf(recorded), ({ family }) => family)].map(([family, all]) => {
    const labels = all.flatMap(({ series }) => [...series.matchAll(/(\w+)="/g)].map(([, label]) => label));
    return [family, { type: all[0]?.type, labels: new Set(labels).difference(new Set(['le'])) }];
  }),
);
/** Rows of the tables of metrics. Those of the gateway have no type, and those of OpenTelemetry no labels of their own. */
const documented = new Map(
  [...described.matchAll(/^\| `([a-z_]+)` \| (.*) \|$/gm)].map(([, name = '', rest = '']) => {
    const [type = '', labels = ''] = rest.split(' | ');
    const isTyped = ['counter', 'gauge', 'histogram'].includes(type);
    return [name, isTyped ? { type, labels: labels.match(/\w+/g) ?? [] } : undefined];
  }),
);

describe('docs/monitoring.md', () => {
  it('describes every metric that a platform shows, and no other', () => {
    expect([...documented.keys()].toSorted()).toEqual([...shown.keys()].toSorted());
  });

  it('gives their types and labels', () => {
    for (const [name, row] of documented) {
      const { type, labels = new Set() } = shown.get(name) ?? {};
      if (row)
        expect({ name, type, labels: [...labels].toSorted() }).toEqual({ name, ...row, labels: row.labels.toSorted() });
    }
  });
});

describe('the metrics of a platform', () => {
  const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

  it.skipIf(!hasPromtool)('have the form that Prometheus asks for', () => {
    const { stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input: recorded, encoding: 'utf8' });
    const complaints = `${stdout}${stderr}`.split('\n').filter(Boolean);
    // A gauge under the name that collectors of its kind expect.
    expect(complaints).toEqual([
      expect.stringMatching(/^active_users_total non-counter metrics should not have "_total"/),
    ]);
  });

  it('show no address, no e-mail and no path', () => {
    expect(recorded).not.toMatch(/\d+\.\d+\.\d+\.\d+|@|="\/(tmp|home|var)/);
  });
});
