import type { Dashboard } from '../panel.ts';

const REQUESTS = 'sum(rate(http_requests_total[5m]))';
const quantile = (share: number) =>
  `histogram_quantile(${share}, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))`;

export const overview: Dashboard = {
  name: 'overview',
  title: 'Pandect: Overview',
  about: 'Whether people are served, and how fast',
  panels: [
    {
      ...{ title: 'Availability, 30 days', kind: 'number', unit: 'percentunit', limits: [0.9995, 0.999] },
      queries: [['pandect:availability:ratio_30d', 'availability']],
      about: 'Answers that were no failure of the server, those of the edge included. The promise is 99.9 %.',
    },
    {
      ...{ title: 'Error budget left, 30 days', kind: 'number', unit: 'percentunit', limits: [0.5, 0.1] },
      queries: [['1 - (1 - pandect:availability:ratio_30d) / 0.001', 'left']],
    },
    {
      ...{ title: 'Errors', kind: 'number', unit: 'percentunit', limits: [0.001, 0.01] },
      queries: [['pandect:request_errors:ratio_rate5m', 'errors']],
    },
    { ...{ title: 'Active users', kind: 'number', unit: 'short' }, queries: [['sum(active_users_total)', 'users']] },
    {
      ...{ title: 'Requests', kind: 'line', unit: 'reqps' },
      queries: [
        [REQUESTS, 'functions'],
        ['sum(rate(pandect_edge_responses_total[5m]))', 'answered by the edge with an error'],
      ],
    },
    {
      ...{ title: 'Share of errors', kind: 'line', unit: 'percentunit', limits: [0.001, 0.01] },
      queries: [['pandect:request_errors:ratio_rate5m', 'errors']],
    },
    {
      ...{ title: 'Time to the answer', kind: 'line', unit: 's' },
      queries: [
        [quantile(0.5), 'p50'],
        [quantile(0.95), 'p95'],
        [quantile(0.99), 'p99'],
        ['pandect:api_answers:p95_seconds_rate5m', 'p95 without models and streams'],
      ],
      about: 'The promise is 200 ms without models and streams.',
    },
    {
      ...{ title: 'Units by state', kind: 'line', unit: 'short' },
      queries: [['sum by (state) (pandect_unit_state)', '{{state}}']],
    },
    {
      ...{ title: 'Processes', kind: 'line', unit: 'short' },
      queries: [
        ['sum(pandect_instances)', 'ready'],
        ['sum(pandect_instances_wanted)', 'wanted'],
      ],
    },
    {
      ...{ title: 'Deploys and rollbacks', kind: 'bars', unit: 'short' },
      queries: [['sum by (unit, outcome) (increase(pandect_deploys_total[1d])) > 0', '{{unit}}: {{outcome}}']],
      about: 'Of the last day.',
    },
    {
      ...{ title: 'What runs', kind: 'bars', unit: 'short' },
      queries: [['sum by (version, revision) (pandect_info)', '{{version}} {{revision}}']],
    },
  ],
};
