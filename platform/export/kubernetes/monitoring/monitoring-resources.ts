import { dashboards } from '../../../monitoring/dashboards.ts';
import { writeDashboard } from '../../../monitoring/write-dashboard.ts';
import type { ExportInput } from '../input.ts';
import { NAMES, PART_OF } from '../names.ts';
import type { Resource } from '../resource.ts';
import { databaseAlerts, unitAlerts } from './cluster-rules.ts';
import { podRules, type Rule } from './rules.ts';

/** What the Prometheus Operator reads of the pods. */
export function podMonitoring({ namespace }: ExportInput): Resource[] {
  const { recordings, alerts } = podRules();
  return [
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name: 'pandect', labels: PART_OF },
      spec: {
        selector: {
          matchLabels: PART_OF,
          matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['function', 'worker'] }],
        },
        podMetricsEndpoints: [{ port: 'control', path: '/_pandect/metrics', interval: '15s' }],
      },
    },
    prometheusRule('pandect', [
      { name: 'pandect-recordings', interval: '15s', rules: recordings },
      { name: 'pandect-alerts', interval: '15s', rules: alerts },
      { name: 'pandect-pods', interval: '30s', rules: unitAlerts(namespace) },
    ]),
  ];
}

/** The same of the database. */
export const databaseMonitoring = ({ namespace }: ExportInput): Resource[] => [
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: NAMES.postgres, labels: PART_OF },
    spec: {
      selector: { matchLabels: { 'cnpg.io/cluster': NAMES.postgres, 'cnpg.io/podRole': 'instance' } },
      podMetricsEndpoints: [{ port: 'metrics' }],
    },
  },
  prometheusRule(NAMES.postgres, [{ name: 'pandect-database', interval: '30s', rules: databaseAlerts(namespace) }]),
];

const prometheusRule = (name: string, groups: { name: string; interval: string; rules: Rule[] }[]): Resource => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name, labels: PART_OF },
  spec: { groups },
});

/** Dashboards for the sidecar that Grafana's charts bring, one ConfigMap each. */
export const dashboardResources = (): Resource[] =>
  dashboards.map((dashboard) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `pandect-dashboard-${dashboard.name}`, labels: { ...PART_OF, grafana_dashboard: '1' } },
    data: { [`${dashboard.name}.json`]: writeDashboard(dashboard) },
  }));
