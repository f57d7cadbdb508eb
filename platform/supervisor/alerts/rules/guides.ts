/** What to do at an alert. */
export interface Guide {
  /** Path of the console's screen that shows the cause, with labels. */
  screen: string;
  /** In this order; commands in backquotes, with labels. */
  steps: readonly string[];
}

const whatIsSlow: Guide = {
  screen: '/units',
  steps: [
    '`pandect top` shows which unit has most requests in flight, and whether processors or memory are full.',
    'Look at `pandect_database_longest_statement_seconds`: a long statement holds up all others.',
    'Where the processors are full, add processors; where one unit is, give it more processes: `pandect scale <unit> <n>`.',
  ],
};
const whatFails: Guide = {
  screen: '/errors',
  steps: [
    '`pandect top` shows which unit fails; `pandect errors` groups its errors by their place in the code.',
    'Did it begin with a deploy? `pandect history <unit>` tells; `pandect rollback <unit>` brings the release before back.',
    'Do many units fail at once, look at what they share: `pandect doctor` asks database, Redis and disk.',
  ],
};
const whatWaits: Guide = {
  screen: '/jobs?queue={queue}',
  steps: [
    'Is the queue paused? `pandect ps` says so of its worker; `pandect jobs resume {queue}` ends it.',
    '`pandect jobs list {queue}` shows what waits, and whether one organization sent most of it: it is served in turn.',
    'Do jobs fail and come back, mend the cause first: `pandect logs <worker>`.',
    'Is the worker busy and the host is not, add processes: `pandect scale <worker> <n>`.',
  ],
};
const whatFillsTheDisk: Guide = {
  screen: '/',
  steps: [
    '`home` is the disk of `PANDECT_HOME`, `files` that of `UPLOAD_DIR`, `backups` the folder of `BACKUP_TO`; one disk that holds several is named by the first.',
    '`pandect doctor` says how much each part of the home takes.',
    '`pandect prune` removes older releases, compiled code and most of the rotated logs.',
    'Does the database grow, `pandect_database_size_bytes` names the table, and `pandect retention show` how long each kind of data is kept.',
    'Enlarge the disk. Files can move to a bucket: `pandect storage move`; backups to another target, with a new `BACKUP_TO`.',
  ],
};
const whatKeepsArchives: Guide = {
  screen: '/backups',
  steps: [
    '`pandect doctor` names what fails, and since when.',
    'Does the target answer, and has it room? `pandect backup list` asks it.',
    'Were its keys or its host key changed, set the present ones; the log that waited is then sent by itself.',
  ],
};
const whatEndsTheCertificate: Guide = {
  screen: '/logs?unit=supervisor',
  steps: [
    '`pandect logs caddy` says why the authority gives none.',
    'The name of `PANDECT_DOMAIN` must lead to this host, and ports 80 and 443 must be open from everywhere.',
    'Was the limit of the authority reached, wait for the time that it names; Caddy tries again by itself.',
  ],
};

/** One for each alert; `docs/alerts.md` is written from it, and the console shows it. */
export const guides: Readonly<Record<string, Guide>> = {
  Down: {
    screen: '/',
    steps: [
      '`systemctl status pandect` says whether the supervisor runs; start it with `systemctl start pandect`, or `pandect up`.',
      '`pandect doctor` names settings and servers that keep it from starting.',
      'Does it run, and Prometheus alone cannot read it: is `METRICS_TOKEN` the same on both sides?',
    ],
  },
  UnitDown: {
    screen: '/units/{unit}',
    steps: [
      '`pandect logs {unit}` ends with the reason: most often a setting that is missing, or a server that does not answer.',
      'After a deploy: `pandect rollback {unit}`.',
      'After a change of settings: mend them, then `pandect restart {unit}`. Starts are tried again by themselves, each 30 s at the latest.',
    ],
  },
  CrashLoop: {
    screen: '/units/{unit}',
    steps: [
      '`pandect kills {unit}` gives the reason of each end: memory, no answer, or a crash of its own.',
      'Memory: raise `memory` in its manifest, or lower its `concurrency`, and deploy it.',
      'A crash: `pandect errors --unit {unit}` shows where; `pandect rollback {unit}` if it is new.',
    ],
  },
  ErrorRate: whatFails,
  EdgeErrors: {
    screen: '/units',
    steps: [
      '`pandect ps` shows which function has no process, or has all its places taken.',
      'It crashes: as for `UnitDown`. It is full: `pandect scale <unit> <n>`, within the memory of the host.',
      'All of them at once: `pandect doctor`; a database that does not answer holds every request.',
    ],
  },
  SlowApi: whatIsSlow,
  ApiAboveTarget: whatIsSlow,
  BudgetBurnsFast: whatFails,
  BudgetBurns: whatFails,
  QueueGrows: whatWaits,
  Queue: whatWaits,
  QueueAge: whatWaits,
  DeadJobs: {
    screen: '/jobs?queue={queue}&state=dead',
    steps: [
      '`pandect jobs list {queue} --state dead` shows the last error of each.',
      'Mend the cause: a provider that refuses, a file that is missing, a release with a fault.',
      'Then `pandect jobs retry --all --queue {queue}`. What can never succeed is discarded: `pandect jobs discard <id>`.',
    ],
  },
  Stalled: {
    screen: '/jobs?queue=ingest',
    steps: [
      '`pandect jobs list ingest` shows documents that are read, and for how long.',
      '`pandect logs ingest` names the file; one that hangs a parser is ended after its time and fails by itself.',
      'Does nothing move at all: `pandect restart ingest`. Reading continues where it was.',
    ],
  },
  BreakerOpen: {
    screen: '/gateway',
    steps: [
      '`pandect gateway breakers` names the targets and when each is tried again.',
      '`pandect gateway test <route>` asks them once and says what they answer; look at the status page of the provider.',
      'Is the key refused or without money, replace it: `pandect gateway secret set <name>`. Other targets of a route take over until then.',
    ],
  },
  TokenUse: {
    screen: '/gateway?minutes=60',
    steps: [
      '`pandect gateway calls tail --limit 1000` shows whose calls they are.',
      'Is it a customer who works more, there is nothing to do; their budgets hold.',
      'Is it a program that runs wild, set a hard budget for its key, or revoke the key and tell its owner.',
    ],
  },
  LimitsReached: {
    screen: '/organizations',
    steps: [
      'The reason says which limit. Owners and administrators of the organization got a letter.',
      '`pandect usage limits --since 15m` lists the organizations with the limits that they reached, in requests and in the work of jobs; run it on each host.',
      'Offer a larger plan, or raise the limit for a while in the console.',
    ],
  },
  Memory: {
    screen: '/units',
    steps: [
      '`pandect top` shows who takes it; a unit far above the others leaks: `pandect restart <unit>`.',
      'Lower the number of processes: `pandect scale <unit> <n>`. Workers of parsing take most.',
      'Give the host more memory; `pandect plan --measured` says how much the load of the last week needs.',
    ],
  },
  Swap: {
    screen: '/units',
    steps: [
      '`pandect top` shows who takes memory.',
      'Other programs on the host count as well: `ps aux --sort -rss` lists them.',
      'Give the host more memory; `pandect plan --measured` says how much.',
    ],
  },
  CpuFull: {
    screen: '/units',
    steps: [
      '`pandect top` shows who is busy. Builds and backups give way to requests by themselves.',
      'Is it a worker, let it do less at once: `pandect scale <worker> 1`.',
      'Is it requests, add processors; `pandect plan --measured` says how many.',
    ],
  },
  CpuBusy: {
    screen: '/units',
    steps: [
      '`pandect top` shows who is busy at the same hours.',
      '`pandect plan --measured` works out what runs out first, and when.',
    ],
  },
  DatabaseDown: {
    screen: '/logs?unit=supervisor',
    steps: [
      "The platform's own PostgreSQL is started again by itself; `pandect logs postgres` says why it ends.",
      'Is the disk full, make room first: `pandect prune`.',
      'With `DATABASE_URL`: ask the server itself; `pandect doctor` says what this host gets for an answer.',
    ],
  },
  Connections: {
    screen: '/units',
    steps: [
      'Who has how many: `select datname, usename, count(*) from pg_stat_activity group by 1, 2 order by 3 desc`, asked of the server.',
      'Scaling keeps to 80 % of `DATABASE_CONNECTIONS` by itself; other programs on the server take the rest.',
      'Raise `max_connections` of the server and `DATABASE_CONNECTIONS` with it: `docs/connections.md`.',
    ],
  },
  DiskForecast: whatFillsTheDisk,
  DiskLow: whatFillsTheDisk,
  DiskFull: whatFillsTheDisk,
  DiskSilent: {
    screen: '/',
    steps: [
      '`home` is the disk of `PANDECT_HOME`, `files` that of `UPLOAD_DIR`, `backups` the folder of `BACKUP_TO`; `findmnt` names the server that it is on.',
      'If it is a network disk, look at its server and the way there; the kernel of this host says more: `dmesg --level err,warn`.',
      'When the server is back, the disk answers by itself. Processes that waited for it continue; `pandect doctor` says what is still wrong.',
      'If the server stays unavailable, unmount with `umount --lazy` and set another `BACKUP_TO`, or bring the files back from a backup: `docs/backups.md`.',
    ],
  },
  Backup: {
    screen: '/backups',
    steps: [
      '`pandect backup create` makes one now and says what fails.',
      'Is there room for the copy on this host, and at the target? `pandect doctor` says so.',
      'One is made by itself each day after 03:00 UTC, and tried again each hour after a failure.',
    ],
  },
  BackupMissing: {
    screen: '/backups',
    steps: [
      'Set `BACKUP_TO` to a target that survives the loss of this host: `docs/backups.md`.',
      '`pandect backup create` makes the first one.',
      '`pandect backup key` prints the recovery sheet. Keep it elsewhere: without it nothing can be restored.',
    ],
  },
  Wal: whatKeepsArchives,
  FilesArchive: whatKeepsArchives,
  Drill: {
    screen: '/backups',
    steps: [
      '`pandect restore --drill` restores the newest backup next to the platform and says what fails.',
      'It needs room for a copy of the database: `pandect doctor`.',
      'Is the backup itself damaged, `pandect backup verify` names the part; make another one with `pandect backup create`.',
    ],
  },
  FilesMissing: {
    screen: '/',
    steps: [
      '`pandect files missing` lists the documents with their organizations and the keys of their files.',
      'Is the folder of `UPLOAD_DIR` or the bucket the right one, and is it mounted?',
      'Restore the files from a backup: `pandect restore --into <folder>`, then copy those that are missing.',
    ],
  },
  Certificate: whatEndsTheCertificate,
  CertificateEnds: whatEndsTheCertificate,
  CertificateMissing: whatEndsTheCertificate,
  AlertChannel: {
    screen: '/alerts',
    steps: [
      '`pandect alerts list` says what the channel answers; messages wait for it for a day.',
      'Is its host in `OUTBOUND_WHITELIST`, and are address, token or password still right?',
      '`pandect alerts test` tries all channels.',
    ],
  },
  Watchdog: {
    screen: '/alerts',
    steps: [
      'Nothing: it fires always. Have Alertmanager send it to a service that tells you when it stops.',
      '`pandect alerts list` has the alerts of the supervisor.',
    ],
  },
};
