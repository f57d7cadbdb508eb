import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { evaluate } from '../expressions/evaluate.ts';
import { readingsOf, type Vector } from '../expressions/expression.ts';
import { createHistory } from '../expressions/history.ts';
import { toPromql } from '../expressions/to-promql.ts';
import { type ActiveAlert, stepAlerts } from '../state/step-alerts.ts';
import { alertRules, recordingRules } from './alert-rules.ts';
import { evaluateRules, readingsOfRules } from './evaluate-rules.ts';
import { conditionOf } from './rule.ts';
import { type Scenario, scenarios } from './scenarios.fixture.ts';
import { writePrometheusRules } from './write-prometheus-rules.ts';

/*
 * Both sides get the same series: the supervisor's evaluator, and the rules of Prometheus in `promtool test rules`, which fails where its
 * alerts are not those that the evaluator had.
 */

const promtool = (...args: string[]): string => execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });
const hasPromtool = (() => {
  try {
    return promtool('--version') !== '';
  } catch {
    return false;
  }
})();
if (!hasPromtool) process.stderr.write('promtool is missing: its tests are skipped; install the package prometheus\n');

const folder = mkdtempSync(join(tmpdir(), 'pandect-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const generated = new URL('../../../monitoring/prometheus-rules.yml', import.meta.url).pathname;
const rules = alertRules.filter(({ isForPrometheus }) => !isForPrometheus);
const recordings = recordingRules.filter(({ isForPrometheus }) => !isForPrometheus);
/** Seconds after a scrape. */
const BETWEEN = 7;

interface Check {
  at: number;
  firing: ActiveAlert[];
  /** Of all recordings and conditions. */
  values: { expression: Vector; value: number }[];
}

const timesOf = ({ seconds, step }: Scenario) => Array.from({ length: seconds / step }, (_, index) => index * step);

/** What the evaluator has at the scenario's checks. */
function run(scenario: Scenario): Check[] {
  const history = createHistory(readingsOfRules(rules));
  const checks: Check[] = [];
  let active: ActiveAlert[] = [];
  for (const at of timesOf(scenario)) {
    const lines = Object.entries(scenario.series).map(([key, value]) => [key, value(at)] as const);
    const text = lines.flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`])).join('\n');
    const findings = evaluateRules({ history, rules, text, at, wallSeconds: at });
    ({ active } = stepAlerts(active, findings, at));
    // Later than what changes on the minute: versions of Prometheus differ in whether a window begins with a scrape of that moment.
    if (at % scenario.checkEvery !== scenario.step % scenario.checkEvery) continue;
    const moment = { history, at: at + BETWEEN, wallSeconds: at + BETWEEN };
    const values = recordings
      .flatMap(({ expression }) => evaluate(expression, moment).map(({ value }) => ({ expression, value })))
      .filter(({ value }) => !Number.isNaN(value));
    checks.push({ at, firing: active.filter(({ state }) => state === 'firing'), values });
  }
  return checks;
}

/** The supervisor keeps fewer values of what is older. */
function marginOf({ expression, value }: Check['values'][number], step: number): number {
  const longest = Math.max(...readingsOf(expression).map(({ seconds }) => seconds));
  const isThinned = longest > (step < 60 ? 900 : 3_600);
  return isThinned ? Math.max(Math.abs(value) * 0.1, 5e-4) : Math.max(Math.abs(value) * 1e-6, 1e-9);
}

function testFile(scenario: Scenario, checks: readonly Check[]) {
  const { name, series, step } = scenario;
  const input = Object.entries(series).map(([key, value]) => ({
    series: key,
    // A series that is no longer told is stale at once.
    values: timesOf(scenario)
      .map((at) => value(at) ?? (at === 0 || value(at - step) === undefined ? '_' : 'stale'))
      .join(' '),
  }));
  input.push({ series: 'up{job="pandect"}', values: `1x${scenario.seconds / step}` });
  const alerts = checks.flatMap(({ at, firing }) =>
    rules.map(({ name: alertname, severity }) => ({
      eval_time: `${at}s`,
      alertname,
      exp_alerts: firing
        .filter(({ rule }) => rule === alertname)
        .map(({ labels }) => ({ exp_labels: { ...labels, severity } })),
    })),
  );
  const values = checks.flatMap(({ at, values }) =>
    values.map((each) => ({
      expr: `abs((${toPromql(each.expression)}) - ${each.value}) <= bool ${marginOf(each, step)}`,
      eval_time: `${at + BETWEEN}s`,
      exp_samples: [{ labels: '{}', value: 1 }],
    })),
  );
  return { name, interval: `${step}s`, input_series: input, alert_rule_test: alerts, promql_expr_test: values };
}

describe('the rules of Prometheus', () => {
  it('are those of the table; after a change of it: npm run alert-rules', () => {
    expect(readFileSync(generated, 'utf8')).toBe(writePrometheusRules(alertRules, recordingRules));
  });

  it.skipIf(!hasPromtool)('are accepted by promtool', () => {
    expect(promtool('check', 'rules', generated)).toContain(`${alertRules.length + recordingRules.length} rules found`);
  });
});

describe.skipIf(!hasPromtool)('the supervisor and Prometheus agree', { timeout: 120_000 }, () => {
  // Texts of annotations have their own test.
  const bare = join(folder, 'rules.yml');
  writeFileSync(bare, writePrometheusRules(rules, recordings, { hasTexts: false }));

  it.each(scenarios)('about $name', (scenario) => {
    const found = run(scenario);
    const names = new Set(found.flatMap(({ firing }) => firing.map(({ rule }) => rule)));
    expect([...names].toSorted()).toEqual([...scenario.fires].toSorted());
    const path = join(folder, 'test.yml');
    const test = {
      rule_files: [bare],
      evaluation_interval: `${scenario.step}s`,
      group_eval_order: ['pandect-recordings', 'pandect-alerts'],
      tests: [testFile(scenario, found)],
    };
    writeFileSync(path, stringify(test, { aliasDuplicateObjects: false }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', path], { encoding: 'utf8' });
    expect(status === 0 ? '' : (stdout + stderr).slice(0, 4_000)).toBe('');
  });

  it('in scenarios that make every rule fire', () => {
    const fired = new Set(scenarios.flatMap(({ fires }) => fires));
    expect(rules.filter(({ name }) => !fired.has(name)).map(({ name }) => name)).toEqual(['Down']);
  });

  it('on what the texts say', () => {
    const path = join(folder, 'texts.yml');
    const memory = rules.find(({ name }) => name === 'Memory');
    expect(toPromql(conditionOf(memory as (typeof rules)[number]))).toContain('0.95');
    const series = (name: string, value: number) => ({
      series: `pandect_host_memory_${name}_bytes`,
      values: `${value}x20`,
    });
    const annotations = { summary: '97% of the memory is in use (limit 95 %)', command: 'pandect top' };
    const alerts = [{ exp_labels: { severity: 'critical' }, exp_annotations: annotations }];
    const test = {
      input_series: [series('available', 3), series('total', 100)],
      alert_rule_test: [{ eval_time: '4m', alertname: 'Memory', exp_alerts: alerts }],
    };
    writeFileSync(
      path,
      stringify({ rule_files: [generated], evaluation_interval: '15s', tests: [{ interval: '15s', ...test }] }),
    );
    expect(promtool('test', 'rules', path)).toContain('SUCCESS');
  });
});
