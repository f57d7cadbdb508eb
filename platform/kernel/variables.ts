import { z } from 'zod';
import { isNetwork } from './client-address.ts';
import {
  choice,
  defineFile,
  defineFolder,
  defineKey,
  defineNumber,
  defineSecret,
  defineVariable,
  flag,
  isTimeZone,
  list,
  origin,
  url,
} from './environment.ts';
import { DEFAULT_HOME } from './paths/home-path.ts';
import { LONGEST_ACCESS_MINUTES } from './token-life.ts';

/* Variables of the platform itself. Those of a subject stand in its module's `variables.ts`. */

export const ENVIRONMENT = defineVariable(
  'ENVIRONMENT',
  () => choice('development', 'production', 'test').default('development'),
  'production wants ALLOWED_HOSTS to name the hosts; development and test do not',
);

export const PROJECT_NAME = defineVariable(
  'PROJECT_NAME',
  () =>
    z
      .string()
      .regex(/^[^\p{Cc}"<>@]{1,60}$/u, 'must be a name of at most 60 characters, without quotation marks and < > @')
      .default('Pandect'),
  'What the platform is called: title of the API description, sender of e-mails',
);

export const API_V1_STR = defineVariable(
  'API_V1_STR',
  () =>
    z
      .string()
      .regex(/^(?:\/[a-z0-9][a-z0-9_-]*){1,5}$/, 'must be a path such as /v1 or /llm/v1')
      .default('/v1'),
  'Path of the gateway at the edge, in place of /v1',
);

export const LOG_JSON_FORMAT = defineVariable(
  'LOG_JSON_FORMAT',
  () => flag().default(true),
  'false writes logs as readable lines instead of JSON',
);

export const DEBUG = defineVariable(
  'DEBUG',
  () => flag().default(false),
  'true logs at debug level unless LOG_LEVEL says otherwise',
);

export const LOG_LEVEL = defineVariable(
  'LOG_LEVEL',
  () => choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  'Lowest level written to the JSON logs',
);

export const LOG_BUDGET_MIB = defineNumber(
  'LOG_BUDGET_MIB',
  [100, 1_000_000],
  1024,
  'MiB on disk that all logs of the platform may take; what is oldest goes first',
);

export const LOG_KEEP_DAYS = defineNumber('LOG_KEEP_DAYS', [1, 3650], 30, 'Days after which log lines are removed');

export const LOG_STDOUT = defineVariable(
  'LOG_STDOUT',
  () => flag().default(false),
  'true repeats the logs of all processes on the standard output of the platform, as container engines want them',
);

export const PROCESS_MEMORY_MIB = defineNumber(
  'PROCESS_MEMORY_MIB',
  [32, 16_384],
  undefined,
  'Heap in MiB that no process may exceed, where manifests give more; for small hosts',
);

export const BUILD_NICENESS = defineNumber(
  'BUILD_NICENESS',
  [0, 19],
  5,
  'By how much builds give way to what serves when both want the processor; 0 for not at all',
);

export const PANDECT_HOME = defineVariable(
  'PANDECT_HOME',
  () => z.string().default(DEFAULT_HOME),
  'Folder that holds all state of this platform',
);

export const PANDECT_PORT = defineNumber('PANDECT_PORT', [1, 65_535], 8080, 'Port of the edge when no domain is set');

export const PANDECT_DOMAIN = defineVariable(
  'PANDECT_DOMAIN',
  () => z.string().optional(),
  'Public host name; the edge then serves HTTPS with automatic certificates',
);

export const PANDECT_HOSTS = defineNumber(
  'PANDECT_HOSTS',
  [1, 100],
  1,
  'Hosts that serve this platform together, each with a supervisor and a home; more than one share a database, Redis, search index and bucket',
);

export const PANDECT_EDGE = defineVariable(
  'PANDECT_EDGE',
  () => choice('embedded', 'external').default('embedded'),
  'embedded starts Caddy; external leaves it to somebody else, who reads the routes in the home',
);

export const PUBLIC_URL = defineVariable(
  'PUBLIC_URL',
  () => url('http:', 'https:').optional(),
  'Where people reach the platform, for links in e-mails; unset takes PANDECT_DOMAIN, else localhost and PANDECT_PORT',
);

export const TRUSTED_PROXIES = defineVariable(
  'TRUSTED_PROXIES',
  () =>
    list()
      .refine((networks) => networks.every(isNetwork), 'must be addresses or networks such as 10.0.0.0/8')
      .default([]),
  'Addresses or networks of proxies in front of the edge, comma separated; only their X-Forwarded-For is believed',
);

export const MAX_CONNECTIONS_PER_CLIENT = defineNumber(
  'MAX_CONNECTIONS_PER_CLIENT',
  [0, 1_000_000],
  256,
  'Connections to the edge that one IPv4 address or IPv6 /64 may hold, by rules of nftables that `pandect install` loads; 0 for any number',
);

export const ALLOWED_HOSTS = defineVariable(
  'ALLOWED_HOSTS',
  () => list().default(['*']),
  'Host names that requests may name, comma separated; * allows every host',
);

export const CORS_ORIGINS = defineVariable(
  'CORS_ORIGINS',
  () => list().default([]),
  'Origins of browser pages that may call the API, comma separated',
);

export const DATABASE_URL = defineSecret(
  'DATABASE_URL',
  () => url('postgres:', 'postgresql:').optional(),
  'PostgreSQL 15 or newer, as a role that may create roles (on a unix socket: ?host=/folder); unset starts an embedded server',
);

export const DATABASE_CONNECTIONS = defineNumber(
  'DATABASE_CONNECTIONS',
  [10, 100_000],
  160,
  'Connections to the database of all processes together, which share them; scaling uses 80 % of them at most',
);

export const DATABASE_POOL = defineNumber(
  'DATABASE_POOL',
  [1, 1_000],
  undefined,
  'Connections in the pool of each process; unset gives each its share of DATABASE_CONNECTIONS',
);

export const DATABASE_ACQUIRE_SECONDS = defineNumber(
  'DATABASE_ACQUIRE_SECONDS',
  [1, 300],
  10,
  'Longest wait of a request for a connection to the database',
);

export const DATABASE_LIFETIME_MINUTES = defineNumber(
  'DATABASE_LIFETIME_MINUTES',
  [1, 1_440],
  30,
  'Age at which a connection to the database is replaced',
);

export const REDIS_URL = defineSecret(
  'REDIS_URL',
  () => url('redis:', 'rediss:').optional(),
  'Redis 7 or newer (on a unix socket: redis://:password@localhost?path=/socket); unset starts an embedded server',
);

export const CACHE_PREFIX = defineVariable(
  'CACHE_PREFIX',
  () => z.string().default('pandect'),
  'Prefix of every key in Redis',
);

export const UPLOAD_DIR = defineFolder('UPLOAD_DIR', 'files', 'Folder of the uploaded files');

export const STORAGE = defineVariable(
  'STORAGE',
  () => choice('local', 's3').default('local'),
  'Where files are stored: local is UPLOAD_DIR, s3 a bucket of a server with S3’s protocol; see docs/storage.md',
);

export const S3_ENDPOINT = defineVariable(
  'S3_ENDPOINT',
  () => origin().optional(),
  'Address of that server, such as https://storage.yandexcloud.net; the host must be in OUTBOUND_WHITELIST',
);

export const S3_REGION = defineVariable(
  'S3_REGION',
  () =>
    z
      .string()
      .regex(/^[\w-]{1,60}$/, 'must be the name of a region')
      .default('us-east-1'),
  'Region of the bucket, such as ru-central1',
);

export const S3_BUCKET = defineVariable(
  'S3_BUCKET',
  () =>
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
      .optional(),
  'Bucket, of which nothing else makes use',
);

export const S3_ACCESS_KEY_ID = defineSecret(
  'S3_ACCESS_KEY_ID',
  () => z.string().optional(),
  'Id of a key that may list, read, write and delete in the bucket',
);

export const S3_SECRET_ACCESS_KEY = defineSecret(
  'S3_SECRET_ACCESS_KEY',
  () => z.string().optional(),
  'Secret of that key',
);

export const S3_PATH_STYLE = defineVariable(
  'S3_PATH_STYLE',
  () => flag().default(true),
  'true names the bucket in the path, false in front of the host name',
);

export const S3_PUBLIC_ENDPOINT = defineVariable(
  'S3_PUBLIC_ENDPOINT',
  () => origin().optional(),
  'Address of that server for browsers, where it is another one than S3_ENDPOINT',
);

export const BACKUP_TO = defineVariable(
  'BACKUP_TO',
  () =>
    z
      .string()
      .refine(
        (value) => value.startsWith('/') || /^(?:sftp:[^\s]+|s3:https?:\/\/[^\s]+)$/.test(value),
        'must be an absolute folder, sftp:user@host:/folder or s3:https://host/bucket',
      )
      .optional(),
  'Where backups go: a folder on another disk, sftp:user@host:/folder or s3:https://host/bucket/folder; see docs/backups.md',
);

export const BACKUP_SCHEDULE = defineVariable(
  'BACKUP_SCHEDULE',
  () => choice('daily', 'off').default('daily'),
  'daily makes a backup after 03:00 UTC, keeps the database log all the time, and drills each week, once BACKUP_TO is set; off leaves all of it to you',
);

export const BACKUP_PASSPHRASE = defineSecret(
  'BACKUP_PASSPHRASE',
  () => z.string().min(16, 'must have 16 characters or more').optional(),
  'What backups are encrypted with; unset makes one in the folder of keys, which `pandect backup key` prints',
);

export const BACKUP_S3_ACCESS_KEY_ID = defineSecret(
  'BACKUP_S3_ACCESS_KEY_ID',
  () => z.string().optional(),
  'Id of a key for the bucket that BACKUP_TO names',
);

export const BACKUP_S3_SECRET_ACCESS_KEY = defineSecret(
  'BACKUP_S3_SECRET_ACCESS_KEY',
  () => z.string().optional(),
  'Secret of that key',
);

export const BACKUP_S3_REGION = defineVariable(
  'BACKUP_S3_REGION',
  () => z.string().optional(),
  'Region of that bucket, where its server asks for one',
);

export const OUTBOUND_WHITELIST = defineVariable(
  'OUTBOUND_WHITELIST',
  () =>
    list().default([
      'api.openai.com',
      'api.anthropic.com',
      'api.cohere.ai',
      'gigachat.devices.sberbank.ru',
      'ngw.devices.sberbank.ru:9443',
      'ai.api.cloud.yandex.net',
      'queue.fal.run',
      'rest.fal.ai',
      'v3.fal.media',
      'v3b.fal.media',
      'api.runpod.ai',
      'api.telegram.org',
    ]),
  'Hosts that the platform may call, or host:port, comma separated; the servers of models and payments must be among them',
);

export const OUTBOUND_INTERNAL_HOSTS = defineVariable(
  'OUTBOUND_INTERNAL_HOSTS',
  () => list().default([]),
  'Of those, the names that may lead to private or loopback addresses, comma separated; localhost and addresses always may',
);

export const OUTBOUND_CONNECTIONS = defineNumber(
  'OUTBOUND_CONNECTIONS',
  [1, 10_000],
  100,
  'Requests of one process to other hosts in progress at the same time; those of the gateway may be as many as it has calls',
);

export const OUTBOUND_KEPT_CONNECTIONS = defineNumber(
  'OUTBOUND_KEPT_CONNECTIONS',
  [0, 10_000],
  50,
  'Of those, requests whose connections stay open for the next',
);

export const OUTBOUND_WAIT_SECONDS = defineNumber(
  'OUTBOUND_WAIT_SECONDS',
  [1, 300],
  5,
  'Longest wait of a request for its turn, when there are as many',
);

export const SMTP_HOST = defineVariable(
  'SMTP_HOST',
  () => z.string().optional(),
  'Mail server; unset sends no e-mails and marks each as failed',
);

export const SMTP_PORT = defineNumber(
  'SMTP_PORT',
  [1, 65_535],
  587,
  'Port of the mail server; 465 speaks TLS from the first byte',
);

export const SMTP_USER = defineVariable(
  'SMTP_USER',
  () => z.string().optional(),
  'Login at the mail server; unset sends without one',
);

export const SMTP_PASSWORD = defineSecret('SMTP_PASSWORD', () => z.string().optional(), 'Password of that login');

export const SMTP_FROM = defineVariable(
  'SMTP_FROM',
  () =>
    z
      .string()
      .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'must be an e-mail address')
      .default('pandect@localhost'),
  'Address that e-mails come from; the mail server must accept it',
);

export const SMTP_TLS = defineVariable(
  'SMTP_TLS',
  () => choice('auto', 'required', 'none').default('auto'),
  'auto uses STARTTLS where the mail server offers it, required refuses to send without TLS, none never uses it',
);

export const SMTP_CA_PATH = defineFile(
  'SMTP_CA_PATH',
  'PEM file of an authority that signed the certificate of the mail server, in place of the usual ones',
);

export const TELEGRAM_API_URL = defineVariable(
  'TELEGRAM_API_URL',
  () => url('http:', 'https:').default('https://api.telegram.org'),
  'Address of the Bot API of Telegram, or of a local Bot API server; the host must be in OUTBOUND_WHITELIST once there are bots',
);

export const ALERT_EMAIL = defineVariable(
  'ALERT_EMAIL',
  () =>
    list()
      .refine(
        (addresses) => addresses.every((address) => /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address)),
        'must be e-mail addresses, comma separated',
      )
      .default([]),
  'Addresses that alerts go to, comma separated; needs SMTP_HOST; see docs/monitoring.md',
);

export const ALERT_TELEGRAM_TOKEN = defineSecret(
  'ALERT_TELEGRAM_TOKEN',
  () =>
    z
      .string()
      .regex(/^\d+:[\w-]+$/, 'must be the token of a bot, as BotFather shows it')
      .optional(),
  'Token of the bot in Telegram that sends alerts; not one of the bots of the platform',
);

export const ALERT_TELEGRAM_CHAT = defineVariable(
  'ALERT_TELEGRAM_CHAT',
  () =>
    z
      .string()
      .regex(/^(-?\d+|@\w+)$/, 'must be the number of a chat, or the @name of a channel')
      .optional(),
  'Chat that it sends them to: its number, or the @name of a channel',
);

export const ALERT_WEBHOOK = defineSecret(
  'ALERT_WEBHOOK',
  () => url('http:', 'https:').optional(),
  'Address that alerts are posted to as JSON; the host must be in OUTBOUND_WHITELIST',
);

export const ALERT_WEBHOOK_SECRET = defineSecret(
  'ALERT_WEBHOOK_SECRET',
  () =>
    z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')
      .optional(),
  'Secret that they are signed with, by Standard Webhooks: whsec_ and base64, as from: openssl rand -base64 32',
);

export const ALERT_HEARTBEAT_URL = defineSecret(
  'ALERT_HEARTBEAT_URL',
  () => url('http:', 'https:').optional(),
  'Address that is asked each minute while alerts work, so that a service elsewhere tells of silence; the host must be in OUTBOUND_WHITELIST',
);

export const ALERT_QUIET_HOURS = defineVariable(
  'ALERT_QUIET_HOURS',
  () =>
    z
      .string()
      .regex(
        /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d( [A-Za-z_]+(\/[A-Za-z0-9_+-]+)*)?$/,
        'must be times such as 22:00-08:00, with a time zone such as Europe/Moscow after them or without',
      )
      .refine((value) => isTimeZone(value.split(' ')[1]), 'must name a time zone such as Europe/Moscow')
      .optional(),
  'Times at which only critical alerts are sent, such as 22:00-08:00 Europe/Moscow; without a time zone in UTC',
);

export const ALERT_RULES_PATH = defineFile(
  'ALERT_RULES_PATH',
  'YAML file with thresholds of your own, and rules that are off; see docs/monitoring.md',
);

export const JWT_PRIVATE_KEY_PATH = defineKey(
  'JWT_PRIVATE_KEY_PATH',
  'jwt-private.pem',
  'RS256 private key, mode 600; made at first start',
);

export const JWT_PUBLIC_KEY_PATH = defineKey(
  'JWT_PUBLIC_KEY_PATH',
  'jwt-public.pem',
  'RS256 public key; made at first start',
);

export const CONSOLE_SOCKET = defineVariable(
  'CONSOLE_SOCKET',
  () => z.string().optional(),
  'Unix socket on which the operator’s console reaches the supervisor; set by the supervisor',
);

export const ACCESS_TOKEN_EXPIRE_MINUTES = defineNumber(
  'ACCESS_TOKEN_EXPIRE_MINUTES',
  [1, LONGEST_ACCESS_MINUTES],
  30,
  'Life of an access token in minutes',
);

export const RATE_LIMIT_API_RPS = defineNumber(
  'RATE_LIMIT_API_RPS',
  [1, 1_000_000],
  10,
  'API requests a second of each account, and of each address without a sign-in; bursts of twice as many',
);

export const RATE_LIMIT_AUTH_RPS = defineNumber(
  'RATE_LIMIT_AUTH_RPS',
  [1, 1_000_000],
  5,
  'Sign-in requests a second per address',
);

export const RATE_LIMIT_EXTERNAL_RPM = defineNumber(
  'RATE_LIMIT_EXTERNAL_RPM',
  [1, 1_000_000],
  60,
  'API requests a minute of each key of the external channel',
);

export const RATE_LIMIT_INTERNAL_RPM = defineNumber(
  'RATE_LIMIT_INTERNAL_RPM',
  [1, 1_000_000],
  600,
  'API requests a minute of each key of the internal channel',
);

export const RATE_LIMIT_PERSON_RPM = defineNumber(
  'RATE_LIMIT_PERSON_RPM',
  [1, 1_000_000],
  600,
  'API requests a minute of each person, from all of their pages and devices',
);

export const RATE_LIMIT_IMAGES_RPS = defineNumber(
  'RATE_LIMIT_IMAGES_RPS',
  [1, 1_000_000],
  20,
  'Requests a second of each person about images; bursts of twice as many',
);

export const ENABLE_METRICS = defineVariable(
  'ENABLE_METRICS',
  () => flag().default(true),
  'false leaves /metrics empty',
);

export const METRICS_ORGANIZATIONS = defineVariable(
  'METRICS_ORGANIZATIONS',
  () => flag().default(true),
  'false leaves organizations out of the labels of metrics, where there are hundreds of them',
);

export const METRICS_TOKEN = defineSecret(
  'METRICS_TOKEN',
  () => z.string().min(16, 'must have 16 characters or more').optional(),
  'Bearer token that opens /metrics at the edge; unset leaves it to run/metrics.sock and METRICS_PORT, and outside of production to this machine',
);

export const METRICS_PORT = defineNumber(
  'METRICS_PORT',
  [1, 65_535],
  undefined,
  'Port of 127.0.0.1 that serves /metrics without a token; unset serves none',
);

export const SENTRY_DSN = defineSecret(
  'SENTRY_DSN',
  () =>
    z
      .string()
      .refine(
        (dsn) => /^https?:\/\/\w+(?::\w*)?@[^/?#@\s]+(?:\/[^/?#\s]+)*\/\d+$/.test(dsn) && URL.canParse(dsn),
        'must be a DSN such as https://key@sentry.example.org/1',
      )
      .optional(),
  'DSN of a project of a Sentry-compatible server, which errors are sent to without data of users; unset sends none',
);

export const OTEL_EXPORTER_OTLP_ENDPOINT = defineVariable(
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  () => url('http:', 'https:').optional(),
  'OTLP/HTTP collector for traces; unset keeps tracing off',
);
