import type { Dashboard } from '../panel.ts';

export const functions: Dashboard = {
  name: 'functions',
  title: 'Pandect: Functions',
  about: 'Which function does what, and what it takes',
  panels: [
    {
      ...{ title: 'Requests of the ten busiest endpoints', kind: 'line', unit: 'reqps' },
      queries: [['topk(10, sum by (endpoint) (rate(http_requests_total[5m])))', '{{endpoint}}']],
    },
    {
      ...{ title: 'p95 of the ten slowest endpoints', kind: 'line', unit: 's' },
      queries: [
        [
          'topk(10, histogram_quantile(0.95, sum by (endpoint, le) (rate(http_request_duration_seconds_bucket[5m]))))',
          '{{endpoint}}',
        ],
      ],
    },
    {
      ...{ title: 'Errors by endpoint', kind: 'line', unit: 'reqps' },
      queries: [
        ['sum by (endpoint, status) (rate(http_requests_total{status=~"5.."}[5m]))', '{{status}} {{endpoint}}'],
      ],
    },
    {
      ...{ title: 'In flight', kind: 'line', unit: 'short' },
      queries: [['pandect_requests_in_flight', '{{unit}}']],
      about: 'With requests that wait for a function which is being woken.',
    },
    {
      ...{ title: 'Memory', kind: 'line', unit: 'bytes' },
      queries: [['pandect_process_resident_bytes', '{{unit}}']],
    },
    {
      ...{ title: 'Memory, of what a process may take', kind: 'line', unit: 'percentunit', limits: [0.8, 1] },
      queries: [['pandect_process_resident_bytes / (pandect_process_memory_limit_bytes > 0)', '{{unit}}']],
      about: 'At 100 % a process is replaced.',
    },
    {
      ...{ title: 'Processor time', kind: 'line', unit: 'short' },
      queries: [['sum by (unit) (rate(pandect_process_cpu_seconds_total[5m]))', '{{unit}}']],
      about: 'Processors in use.',
    },
    {
      ...{ title: 'Longest block of the event loop', kind: 'line', unit: 's', limits: [0.2, 1] },
      queries: [['pandect_event_loop_lag_seconds', '{{unit}}']],
      about: 'A process that calculates for so long lets all its other requests wait.',
    },
    {
      ...{ title: 'Restarts, 1 hour', kind: 'bars', unit: 'short' },
      queries: [['increase(pandect_restarts_total[1h]) > 0', '{{unit}}']],
    },
    {
      ...{ title: 'Wakes, 1 hour', kind: 'bars', unit: 'short' },
      queries: [['increase(pandect_wakes_total[1h]) > 0', '{{unit}}']],
    },
    {
      ...{ title: 'Ends by reason, 1 day', kind: 'bars', unit: 'short' },
      queries: [['increase(pandect_kills_total[1d]) > 0', '{{unit}}: {{reason}}']],
      about: 'pandect kills UNIT tells more.',
    },
  ],
};
