import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dashboards } from '../monitoring/dashboards.ts';
import { writeDashboard } from '../monitoring/write-dashboard.ts';
import { alertRules, recordingRules } from '../supervisor/alerts/rules/alert-rules.ts';
import { writePrometheusRules } from '../supervisor/alerts/rules/write-prometheus-rules.ts';

type Files = Readonly<Record<string, string>>;

const folder = join(import.meta.dirname, '../monitoring');
const asTheyAre = async (...paths: string[]): Promise<Files> =>
  Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')])));

/** Rules from the table of alerts, and the configurations of Prometheus and Alertmanager. */
export const prometheusFiles = async (): Promise<Files> => ({
  'prometheus-rules.yml': writePrometheusRules(alertRules, recordingRules),
  ...(await asTheyAre('prometheus.yml', 'alertmanager.yml')),
});

/** Dashboards from their tables, and what has Grafana read them. */
export const grafanaFiles = async (): Promise<Files> => ({
  ...Object.fromEntries(dashboards.map((each) => [`dashboards/${each.name}.json`, writeDashboard(each)])),
  ...(await asTheyAre('grafana/dashboards/pandect.yml', 'grafana/datasources/pandect.yml')),
});
