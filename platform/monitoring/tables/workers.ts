import type { Dashboard } from '../panel.ts';

export const workers: Dashboard = {
  name: 'workers',
  title: 'Pandect: Workers',
  about: 'What waits in the queues, and how fast it is done',
  panels: [
    {
      ...{ title: 'Jobs that wait', kind: 'line', unit: 'short', limits: [10, 100] },
      queries: [['sum by (queue) (pandect_queue_jobs{state="waiting"})', '{{queue}}']],
    },
    {
      ...{ title: 'Oldest job', kind: 'line', unit: 's', limits: [300, 600] },
      queries: [['pandect_queue_oldest_seconds', '{{queue}}']],
    },
    {
      ...{ title: 'Jobs done and failed', kind: 'line', unit: 'ops' },
      queries: [['sum by (queue, outcome) (rate(job_duration_seconds_count[5m]))', '{{queue}}: {{outcome}}']],
    },
    {
      ...{ title: 'p95 of jobs', kind: 'line', unit: 's' },
      queries: [['histogram_quantile(0.95, sum by (queue, le) (rate(job_duration_seconds_bucket[5m])))', '{{queue}}']],
    },
    {
      ...{ title: 'Under way, held and deferred', kind: 'line', unit: 'short' },
      queries: [['sum by (state) (pandect_queue_jobs{state=~"active|held|deferred"})', '{{state}}']],
      about: 'Held: as many jobs of the organization run as may. Deferred: mostly to be tried again.',
    },
    {
      ...{ title: 'Dead jobs', kind: 'bars', unit: 'short', limits: [1, 10] },
      queries: [['sum by (queue) (pandect_queue_jobs{state="dead"})', '{{queue}}']],
      about: 'They wait for an operator: pandect jobs.',
    },
    {
      ...{ title: 'Documents that stand still', kind: 'number', unit: 'short', limits: [1, 10] },
      queries: [['sum(documents_stalled)', 'documents']],
    },
    {
      ...{ title: 'Worker processes', kind: 'line', unit: 'short' },
      queries: [['sum by (unit) (pandect_instances)', '{{unit}}']],
    },
  ],
};
