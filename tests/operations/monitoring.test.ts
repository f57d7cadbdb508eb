import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboards } from '../../platform/monitoring/dashboards.ts';
import { alertRules, recordingRules } from '../../platform/supervisor/alerts/rules/alert-rules.ts';
import { type Monitoring, missingPrograms, startMonitoring } from '../support/monitoring/start-monitoring.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';

const missing = missingPrograms();
if (missing.length > 0)
  process.stdout.write(`SKIPPED: Prometheus with a platform, since ${missing.join(', ')} is missing\n`);
const platform = missing.length > 0 ? undefined : await sharedPlatform();

interface Targets {
  activeTargets: { health: string; lastError: string; labels: Record<string, string> }[];
}
interface Rules {
  groups: { rules: { name: string; health: string; lastError?: string }[] }[];
}
interface Samples {
  result: { value: [number, string] }[];
}

describe.skipIf(platform === undefined)('Prometheus and Alertmanager, with what is exported', () => {
  let monitoring: Monitoring;
  beforeAll(async () => {
    monitoring = await startMonitoring(new URL(platform?.hostUrl ?? '').host);
  });
  afterAll(async () => monitoring?.stop());

  it('read the platform', async () => {
    const [target] = await until('a first scrape', async () => {
      const { activeTargets } = await monitoring.ask<Targets>('targets').catch(() => ({ activeTargets: [] }));
      return activeTargets.some(({ health }) => health !== 'unknown') ? activeTargets : undefined;
    });
    expect(target).toMatchObject({ health: 'up', lastError: '', labels: { job: 'pandect' } });
    const { result } = await monitoring.ask<Samples>(`query?query=${encodeURIComponent('count(pandect_instances)')}`);
    expect(Number(result[0]?.value[1])).toBeGreaterThan(10);
  });

  it('evaluate every rule', async () => {
    const rules = await until('all rules to be evaluated', async () => {
      const { groups } = await monitoring.ask<Rules>('rules');
      const all = groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') ? all : undefined;
    });
    expect(rules.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : []))).toEqual([]);
    expect(rules).toHaveLength(alertRules.length + recordingRules.length);
  });

  it('answer every question of the dashboards', async () => {
    const questions = dashboards.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries));
    const refused = questions.map(([expression]) =>
      monitoring.ask<Samples>(`query?query=${encodeURIComponent(expression)}`).then(
        () => '',
        ({ message }: Error) => message,
      ),
    );
    expect((await Promise.all(refused)).filter((message) => message !== '')).toEqual([]);
  });

  it('send an alert to its receiver', async () => {
    const notice = await until('the alert that always fires', async () =>
      monitoring.notices.find(({ alerts }) => alerts.some(({ labels }) => labels.alertname === 'Watchdog')),
    );
    expect(notice).toMatchObject({
      receiver: 'heartbeat',
      alerts: [{ status: 'firing', labels: { alertname: 'Watchdog' } }],
    });
  });
});
