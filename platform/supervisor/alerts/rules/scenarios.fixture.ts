import { DAY, HOUR, MINUTE, WEEK } from './durations.ts';

/* Series that make alerts fire and end, for both sides that evaluate them. Times are in seconds since the beginning. */

/** The value at a time; undefined where the series is not told. */
type Values = (at: number) => number | undefined;

export interface Scenario {
  name: string;
  seconds: number;
  /** Between two scrapes. */
  step: number;
  series: Record<string, Values>;
  /** Between two times at which both sides are compared. */
  checkEvery: number;
  /** Rules that fire at one of them. */
  fires: readonly string[];
}

const value =
  (constant: number): Values =>
  () =>
    constant;
const from =
  (start: number, then: number, before: number): Values =>
  (at) =>
    at >= start ? then : before;
const between =
  (start: number, end: number, then: number | undefined, otherwise: number): Values =>
  (at) =>
    at >= start && at < end ? then : otherwise;
/** A counter that grows by so much a second from each of these times on. */
const grows =
  (...rates: readonly (readonly [start: number, perSecond: number])[]): Values =>
  (at) =>
    rates.reduce((total, [start, perSecond], index) => {
      const end = Math.min(at, rates[index + 1]?.[0] ?? at);
      return total + Math.max(0, end - start) * perSecond;
    }, 0);

/** What a platform that serves always tells, so that nothing is absent. */
const healthy: Record<string, Values> = {
  'pandect_instances{unit="ask"}': value(1),
  pandect_backup_last_success_timestamp_seconds: (at) => at - HOUR,
  'pandect_database_connections{state="idle"}': value(10),
  pandect_database_server_connections: value(10),
  pandect_database_connections_max: value(100),
};
const requests = (status: string, values: Values) => ({
  [`http_requests_total{method="GET",endpoint="/api/plans",status="${status}"}`]: values,
});
const bucket = (le: string, perSecond: number, endpoint = '/api/plans') => ({
  [`http_request_duration_seconds_bucket{method="GET",endpoint="${endpoint}",le="${le}"}`]: grows([0, perSecond]),
});

const usual = { step: 15, checkEvery: MINUTE };

export const scenarios: readonly Scenario[] = [
  {
    ...usual,
    name: 'nothing that is wrong',
    seconds: HOUR / 2,
    series: {
      ...healthy,
      ...requests('200', grows([0, 1])),
      ...bucket('0.1', 1.98),
      ...bucket('0.2', 2),
      ...bucket('+Inf', 2),
    },
    fires: [],
  },
  {
    ...usual,
    name: 'errors of requests, and their end',
    seconds: 80 * MINUTE,
    series: {
      ...healthy,
      ...requests('200', grows([0, 1])),
      ...requests('500', grows([0, 0], [HOUR / 2, 0.2], [HOUR, 0])),
      'pandect_edge_responses_total{status="503"}': grows([0, 0], [HOUR / 2, 0.27], [50 * MINUTE, 0]),
      'pandect_edge_responses_total{status="404"}': grows([0, 0.1]),
    },
    fires: ['ErrorRate', 'EdgeErrors', 'BudgetBurnsFast', 'BudgetBurns'],
  },
  {
    name: 'a slow loss of the errors that are allowed, over hours',
    ...{ seconds: 8 * HOUR, step: MINUTE, checkEvery: 20 * MINUTE },
    series: { ...healthy, ...requests('200', grows([0, 1])), ...requests('500', grows([0, 0], [HOUR, 0.009])) },
    fires: ['BudgetBurns'],
  },
  {
    ...usual,
    name: 'slow answers, those of models left out',
    seconds: 40 * MINUTE,
    series: {
      ...healthy,
      ...{
        ...bucket('0.1', 1),
        ...bucket('0.2', 1.8),
        ...bucket('2.5', 1.86),
        ...bucket('5', 1.98),
        ...bucket('+Inf', 2),
      },
      ...{ ...bucket('5', 0, '/api/ask'), ...bucket('+Inf', 40, '/api/ask') },
      ...bucket('+Inf', 40, '/v1/chat/completions'),
    },
    fires: ['SlowApi', 'ApiAboveTarget'],
  },
  {
    ...usual,
    name: 'units that fail, and counters that begin again',
    seconds: 45 * MINUTE,
    series: {
      ...healthy,
      'pandect_instances{unit="auth"}': between(1_500, 2_100, 0, 1),
      'pandect_unit_state{unit="auth",state="backing_off"}': between(1_500, 2_100, 1, 0),
      'pandect_instances{unit="admin"}': value(0),
      'pandect_unit_state{unit="admin",state="asleep"}': value(1),
      'pandect_restarts_total{unit="auth"}': (at) =>
        at < 1_350 ? Math.max(0, Math.floor((at - 900) / 30)) : Math.floor((at - 1_350) / 300),
      'pandect_restarts_total{unit="ask"}': value(3),
    },
    fires: ['UnitDown', 'CrashLoop'],
  },
  {
    ...usual,
    name: 'queues that grow, stall and lose jobs',
    seconds: 45 * MINUTE,
    series: {
      ...healthy,
      'pandect_queue_jobs{queue="ingest",state="waiting"}': (at) => Math.min(at / 15, 150),
      'pandect_queue_jobs{queue="notify",state="waiting"}': value(11),
      'pandect_queue_jobs{queue="notify",state="dead"}': from(1_200, 3, 1),
      'pandect_queue_jobs{queue="ingest",state="dead"}': value(7),
      'pandect_queue_oldest_seconds{queue="ingest"}': (at) => at,
      documents_stalled: between(900, 1_950, 2, 0),
    },
    fires: ['QueueGrows', 'Queue', 'QueueAge', 'DeadJobs', 'Stalled'],
  },
  {
    ...usual,
    name: 'models and limits',
    seconds: 45 * MINUTE,
    series: {
      ...healthy,
      'pandect_breaker_open{provider="openai"}': between(300, 900, 1, 0),
      'pandect_breaker_open{provider="anthropic"}': value(0),
      'pandect_refused_total{reason="daily-questions-used"}': grows([0, 0], [1_500, 0.1], [1_600, 0]),
      'pandect_refused_total{reason="file-quota-reached"}': value(4),
      'pandect_refused_total{reason="rate-limited"}': grows([0, 1]),
    },
    fires: ['BreakerOpen', 'LimitsReached'],
  },
  {
    ...usual,
    name: 'a host without room',
    seconds: 100 * MINUTE,
    checkEvery: 2 * MINUTE,
    series: {
      ...healthy,
      pandect_host_memory_total_bytes: value(1_000),
      pandect_host_memory_available_bytes: between(900, 1_200, 30, 400),
      pandect_host_swap_total_bytes: value(0),
      pandect_host_swap_free_bytes: value(0),
      pandect_host_cpu_busy_ratio: from(HOUR, 0.2, 0.95),
      // Those of other programs on the server.
      pandect_database_server_connections: between(1_500, 2_700, 80, 10),
      'pandect_host_disk_total_bytes{place="home"}': value(1_000),
      'pandect_host_disk_free_bytes{place="home"}': value(500),
      'pandect_host_disk_total_bytes{place="files"}': value(1_000),
      'pandect_host_disk_free_bytes{place="files"}': (at) => 200 - at / 30,
    },
    fires: ['Memory', 'CpuFull', 'CpuBusy', 'Connections', 'DiskLow', 'DiskFull'],
  },
  {
    name: 'a disk that fills, and swap that is used',
    ...{ seconds: 9 * HOUR, step: MINUTE, checkEvery: 20 * MINUTE },
    series: {
      ...healthy,
      pandect_host_swap_total_bytes: value(1_000),
      pandect_host_swap_free_bytes: between(HOUR, 2 * HOUR, 300, 900),
      'pandect_host_disk_total_bytes{place="backups"}': value(1e11),
      // Known for less than three hours: nothing is foretold of it.
      'pandect_host_disk_free_bytes{place="files"}': (at) => (at >= 7 * HOUR ? 4e9 - (at - 7 * HOUR) * 2e5 : undefined),
      // It ends after five hours; some noise of what is made and removed.
      'pandect_host_disk_free_bytes{place="backups"}': (at) =>
        4e10 - Math.min(at, 5 * HOUR) * 2e5 + ((at / 60) % 7) * 1e5,
    },
    fires: ['Swap', 'DiskForecast'],
  },
  {
    ...usual,
    name: 'a network disk whose server is gone for a while',
    seconds: HOUR / 2,
    series: {
      ...healthy,
      'pandect_host_disk_answers{place="home"}': value(1),
      'pandect_host_disk_answers{place="files"}': between(600, 1_050, 0, 1),
      'pandect_host_disk_total_bytes{place="files"}': between(600, 1_050, undefined, 1_000),
      'pandect_host_disk_free_bytes{place="files"}': between(600, 1_050, undefined, 900),
    },
    fires: ['DiskSilent'],
  },
  {
    ...usual,
    name: 'a database that does not answer',
    seconds: HOUR / 2,
    series: {
      ...healthy,
      'pandect_database_connections{state="idle"}': between(600, 1_050, undefined, 10),
      'pandect_queue_jobs{queue="ingest",state="waiting"}': between(600, 1_050, undefined, 20),
    },
    fires: ['DatabaseDown', 'QueueGrows'],
  },
  {
    name: 'a log and files of which none reaches the target from the first on',
    ...{ seconds: 4 * HOUR, step: MINUTE, checkEvery: 20 * MINUTE },
    series: {
      ...healthy,
      pandect_wal_archived_timestamp_seconds: value(0),
      pandect_files_archived_timestamp_seconds: value(0),
    },
    fires: ['Wal', 'FilesArchive'],
  },
  {
    name: 'backups of which nothing was ever a success, a day after they were set up',
    ...{ seconds: 4 * HOUR, step: MINUTE, checkEvery: 20 * MINUTE },
    series: {
      ...healthy,
      'pandect_backup_configured_timestamp_seconds{part="log"}': value(HOUR - DAY),
      'pandect_backup_configured_timestamp_seconds{part="files"}': value(2 * HOUR - DAY),
      'pandect_backup_configured_timestamp_seconds{part="drill"}': value(3 * HOUR - DAY),
    },
    fires: ['Wal', 'FilesArchive', 'Drill'],
  },
  {
    name: 'backups of a database elsewhere, which has neither log nor drill',
    ...{ seconds: 4 * HOUR, step: MINUTE, checkEvery: 20 * MINUTE },
    series: healthy,
    fires: [],
  },
  {
    name: 'backups, certificates and files that are lost',
    ...{ seconds: 2 * HOUR, step: MINUTE, checkEvery: 4 * MINUTE },
    series: {
      ...healthy,
      pandect_backup_last_success_timestamp_seconds: value(HOUR - 26 * HOUR),
      pandect_wal_archived_timestamp_seconds: (at) => (at < 900 || at > 2_700 ? at : 900),
      pandect_restore_drill_success_timestamp_seconds: value(3_000 - 8 * DAY),
      pandect_certificate_not_after_timestamp_seconds: from(5_000, 90 * DAY, 3 * DAY - 10),
      pandect_files_missing: between(1_500, 3_000, 1, 0),
    },
    fires: ['Backup', 'Wal', 'Drill', 'Certificate', 'FilesMissing', 'CertificateEnds'],
  },
  {
    name: 'a platform that was never backed up and never got a certificate',
    ...{ seconds: 70 * MINUTE, step: MINUTE, checkEvery: 10 * MINUTE },
    series: {
      ...healthy,
      pandect_backup_last_success_timestamp_seconds: () => undefined,
      pandect_certificate_missing: value(1),
    },
    fires: ['BackupMissing', 'CertificateMissing'],
  },
  {
    name: 'tokens of models, compared with a week ago',
    ...{ seconds: WEEK + 7 * HOUR, step: 10 * MINUTE, checkEvery: 6 * HOUR },
    series: {
      ...healthy,
      'openai_tokens_total{model="gpt-4",organization="a"}': grows([0, 12], [WEEK, 60]),
      'openai_tokens_total{model="gpt-4",organization="b"}': grows([0, 6], [WEEK, 60]),
    },
    fires: ['TokenUse'],
  },
];
