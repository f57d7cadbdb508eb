import type { Dashboard } from '../panel.ts';

export const dataAndHost: Dashboard = {
  name: 'data-and-host',
  title: 'Pandect: Data and host',
  about: 'The database, Redis, and the machine below everything',
  panels: [
    {
      ...{ title: 'Connections in use', kind: 'number', unit: 'percentunit', limits: [0.6, 0.8] },
      queries: [['pandect_database_server_connections / scalar(max(pandect_database_connections_max))', 'in use']],
    },
    {
      ...{ title: 'Connections', kind: 'line', unit: 'short' },
      queries: [
        ['pandect_database_connections', '{{state}}'],
        ['pandect_database_server_connections', 'of all databases'],
        ['pandect_database_connections_max', 'accepted'],
      ],
    },
    {
      ...{ title: 'Longest statement', kind: 'line', unit: 's', limits: [5, 60] },
      queries: [['pandect_database_longest_statement_seconds', 'statement']],
    },
    {
      ...{ title: 'Largest tables', kind: 'bars', unit: 'bytes' },
      queries: [['topk(15, pandect_database_size_bytes)', '{{table}}']],
    },
    {
      ...{ title: 'Size of the database', kind: 'line', unit: 'bytes' },
      queries: [['sum(pandect_database_size_bytes)', 'tables and indexes']],
    },
    {
      ...{ title: 'Processors', kind: 'line', unit: 'percentunit', limits: [0.8, 0.9], max: 1 },
      queries: [['pandect_host_cpu_busy_ratio', 'busy']],
    },
    {
      ...{ title: 'Memory', kind: 'line', unit: 'bytes' },
      queries: [
        ['pandect_host_memory_total_bytes', 'total'],
        ['pandect_host_memory_total_bytes - pandect_host_memory_available_bytes', 'used'],
      ],
    },
    {
      ...{ title: 'Swap in use', kind: 'line', unit: 'bytes' },
      queries: [
        ['pandect_host_swap_total_bytes', 'total'],
        ['pandect_host_swap_total_bytes - pandect_host_swap_free_bytes', 'used'],
      ],
    },
    {
      ...{ title: 'Disk', kind: 'line', unit: 'bytes' },
      queries: [
        ['pandect_host_disk_free_bytes', '{{place}}: free'],
        ['predict_linear(pandect_host_disk_free_bytes[6h], 4 * 86400)', '{{place}}: free in four days, as it goes now'],
      ],
    },
    {
      ...{ title: 'Memory of Redis', kind: 'line', unit: 'bytes' },
      queries: [
        ['pandect_redis_memory_bytes', 'used'],
        ['pandect_redis_memory_max_bytes', 'limit'],
      ],
    },
    {
      ...{ title: 'Redis: connections and evicted keys', kind: 'line', unit: 'short' },
      queries: [
        ['pandect_redis_connections', 'connections'],
        ['pandect_redis_evicted_keys', 'keys evicted since its start'],
      ],
    },
    {
      ...{ title: 'Files', kind: 'line', unit: 'short' },
      queries: [
        ['sum(pandect_files_missing)', 'missing'],
        ['sum(files_orphaned)', 'without a document'],
      ],
    },
    {
      ...{ title: 'Damaged search indexes', kind: 'number', unit: 'short', limits: [1, 1] },
      queries: [['sum(search_indexes_damaged)', 'indexes']],
    },
  ],
};
