import type { Dashboard } from '../panel.ts';

export const safety: Dashboard = {
  name: 'safety',
  title: 'Pandect: Safety',
  about: 'Whether the data could be brought back, and who is turned away',
  panels: [
    {
      ...{ title: 'Age of the newest backup', kind: 'number', unit: 's', limits: [90_000, 93_600] },
      queries: [['time() - pandect_backup_last_success_timestamp_seconds', 'age']],
      about: 'One is made each day. See docs/backups.md.',
    },
    {
      ...{ title: 'Changes that are not at the target yet', kind: 'number', unit: 's', limits: [120, 900] },
      queries: [['time() - pandect_wal_archived_timestamp_seconds', 'age']],
    },
    {
      ...{
        title: 'Since the last restore that was tried and worked',
        kind: 'number',
        unit: 's',
        limits: [604_800, 691_200],
      },
      queries: [['time() - pandect_restore_drill_success_timestamp_seconds', 'age']],
    },
    {
      ...{ title: 'Certificate', kind: 'number', unit: 's', limits: [1_209_600, 259_200] },
      queries: [['pandect_certificate_not_after_timestamp_seconds - time()', 'left']],
    },
    {
      ...{ title: 'Time of backups and restores', kind: 'line', unit: 's' },
      queries: [
        ['pandect_backup_duration_seconds', 'backup'],
        ['pandect_restore_drill_duration_seconds', 'restore that was tried'],
      ],
    },
    {
      ...{ title: 'Size of the newest backup', kind: 'line', unit: 'bytes' },
      queries: [['pandect_backup_size_bytes', 'content']],
    },
    {
      ...{ title: 'Failed sign-ins', kind: 'line', unit: 'reqps' },
      queries: [
        ['sum(rate(pandect_refused_total{reason="invalid-credentials"}[5m]))', 'wrong password'],
        ['sum(rate(pandect_refused_total{reason="too-many-sign-ins"}[5m]))', 'too many'],
      ],
    },
    {
      ...{ title: 'Turned away', kind: 'line', unit: 'reqps' },
      queries: [['sum by (status) (rate(http_requests_total{status=~"401|402|403|429"}[5m]))', '{{status}}']],
    },
    {
      ...{ title: 'Errors of the edge', kind: 'line', unit: 'reqps' },
      queries: [['sum by (status, endpoint) (rate(pandect_edge_responses_total[5m]))', '{{status}} {{endpoint}}']],
    },
    {
      ...{ title: 'Files that are missing', kind: 'number', unit: 'short', limits: [1, 1] },
      queries: [['sum(pandect_files_missing)', 'documents']],
      about: 'pandect files missing lists them.',
    },
  ],
};
