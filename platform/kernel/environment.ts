import { z } from 'zod';
import { isNetwork } from './client-address.ts';
import { DEFAULT_HOME } from './home-path.ts';

/**
 * Every environment variable that Pandect reads: what it means, what it may be, and its default.
 * `.env.example` is the same list for people; a test holds the two together.
 */

interface Variable<T extends z.ZodType = z.ZodType> {
  schema: T;
  about: string;
  /** Never printed, never passed to a process whose manifest does not name it. */
  secret: boolean;
}

const variable = <T extends z.ZodType>(schema: T, about: string): Variable<T> => ({ schema, about, secret: false });
const secret = <T extends z.ZodType>(schema: T, about: string): Variable<T> => ({ schema, about, secret: true });

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be a URL with ${protocols.join(' or ')}`,
  });
const integer = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};
/** The range stands in the description, so that `.env.example` names it. */
const number = (min: number, max: number, value: number, about: string) =>
  variable(integer(min, max).default(value), `${about} (${min} to ${max})`);
const choice = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** A number with exactly so many digits; it may begin with zeros. */
const digits = (...lengths: number[]) =>
  z.string().refine((value) => /^\d+$/.test(value) && lengths.includes(value.length), {
    message: `must be ${lengths.join(' or ')} digits`,
  });
const days = integer(1, 36_500);
const flag = choice('true', 'false', '1', '0').transform((value) => value === 'true' || value === '1');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

export const variables = {
  ENVIRONMENT: variable(
    choice('development', 'production', 'test').default('development'),
    'production wants ALLOWED_HOSTS to name the hosts; development and test do not',
  ),
  DEBUG: variable(flag.default(false), 'true logs at debug level unless LOG_LEVEL says otherwise'),
  LOG_LEVEL: variable(
    choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
    'Lowest level written to the JSON logs',
  ),
  PANDECT_HOME: variable(z.string().default(DEFAULT_HOME), 'Folder that holds all state of this platform'),
  PANDECT_PORT: number(1, 65_535, 8080, 'Port of the edge when no domain is set'),
  PANDECT_DOMAIN: variable(
    z.string().optional(),
    'Public host name; the edge then serves HTTPS with automatic certificates',
  ),
  PANDECT_EDGE: variable(
    choice('embedded', 'external').default('embedded'),
    'embedded starts Caddy; external leaves it to somebody else, who reads the routes in the home',
  ),
  TRUSTED_PROXIES: variable(
    list
      .refine((networks) => networks.every(isNetwork), 'must be addresses or networks such as 10.0.0.0/8')
      .default([]),
    'Addresses or networks of proxies in front of the edge, comma separated; only their X-Forwarded-For is believed',
  ),
  MAX_CONNECTIONS_PER_CLIENT: number(
    0,
    1_000_000,
    256,
    'Connections to the edge that one IPv4 address or IPv6 /64 may hold, by rules of nftables that `pandect install` loads; 0 for any number',
  ),
  ALLOWED_HOSTS: variable(
    list.default(['*']),
    'Host names that requests may name, comma separated; * allows every host',
  ),
  CORS_ORIGINS: variable(list.default([]), 'Origins of browser pages that may call the API, comma separated'),
  DATABASE_URL: secret(
    url('postgres:', 'postgresql:').optional(),
    'PostgreSQL 15 or newer, as a role that may create roles (on a unix socket: ?host=/folder); unset starts an embedded server',
  ),
  REDIS_URL: secret(
    url('redis:', 'rediss:').optional(),
    'Redis 7 or newer (on a unix socket: redis://:password@localhost?path=/socket); unset starts an embedded server',
  ),
  QDRANT_URL: variable(url('http:', 'https:').optional(), 'Qdrant 1.10 or newer; unset keeps vectors in SQLite'),
  QDRANT_API_KEY: secret(z.string().optional(), 'Key of the Qdrant server'),
  VECTOR_DIR: variable(z.string().default('.pandect/vectors'), 'Folder of the SQLite vector store'),
  UPLOAD_DIR: variable(z.string().default('.pandect/files'), 'Folder of the uploaded files'),
  BACKUP_GRACE_DAYS: number(
    0,
    365,
    7,
    'Days for which the files of deleted documents are kept, so that a restored database finds them; not below the age of the oldest backup that may be restored',
  ),
  OPENAI_API_KEY: secret(
    z.string().optional(),
    'Key of an OpenAI-compatible API; unset quotes passages without a model',
  ),
  OPENAI_BASE_URL: variable(url('http:', 'https:').default('https://api.openai.com/v1'), 'Base URL of that API'),
  OPENAI_CA_PATH: variable(
    z.string().optional(),
    'PEM file of an authority that signed the certificate of that API, in place of the usual ones',
  ),
  AI_CONCURRENCY: number(1, 100, 100, 'Calls of that API in progress at the same time, from each process'),
  AI_MODEL_STANDARD: variable(z.string().default('gpt-3.5-turbo'), 'Model behind the alias standard'),
  AI_MODEL_ADVANCED: variable(z.string().default('gpt-4'), 'Model behind the alias advanced'),
  AI_EMBEDDING_BASE_URL: variable(
    url('http:', 'https:').optional(),
    'Base URL of an OpenAI-compatible API that embeds, such as Ollama or TEI; unset embeds where answers come from, or without a model',
  ),
  AI_EMBEDDING_API_KEY: secret(
    z.string().optional(),
    'Key of that API; unset sends OPENAI_API_KEY if it is the server of OPENAI_BASE_URL, otherwise none',
  ),
  AI_EMBEDDING_CA_PATH: variable(
    z.string().optional(),
    'PEM file of an authority that signed the certificate of AI_EMBEDDING_BASE_URL, in place of the usual ones',
  ),
  AI_EMBEDDING_CONCURRENCY: number(
    1,
    100,
    100,
    'Calls of AI_EMBEDDING_BASE_URL in progress at the same time, from each process',
  ),
  AI_EMBEDDING_MODEL: variable(
    z.string().default('text-embedding-3-small'),
    'Embedding model; "local" embeds by words, without a model',
  ),
  AI_EMBEDDING_DIMENSIONS: number(32, 4096, 384, 'Length of the embedding vectors'),
  AI_TIMEOUT_SECONDS: number(1, 600, 60, 'Longest wait for the AI upstream, in seconds'),
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: number(1, 100, 5, 'Failures of a model in a row after which it is not called'),
  CIRCUIT_BREAKER_RESET_SECONDS: number(1, 3600, 30, 'Seconds after which one call tries it again'),
  OUTBOUND_WHITELIST: variable(
    list.default(['api.openai.com']),
    'Host names that the platform may call, comma separated; the hosts of OPENAI_BASE_URL and AI_EMBEDDING_BASE_URL must be among them',
  ),
  OUTBOUND_INTERNAL_HOSTS: variable(
    list.default([]),
    'Of those, the names that may lead to private or loopback addresses, comma separated; localhost and addresses always may',
  ),
  JWT_PRIVATE_KEY_PATH: variable(
    z.string().default('.pandect/keys/jwt-private.pem'),
    'RS256 private key, mode 600; made at first start',
  ),
  JWT_PUBLIC_KEY_PATH: variable(
    z.string().default('.pandect/keys/jwt-public.pem'),
    'RS256 public key; made at first start',
  ),
  ACCESS_TOKEN_EXPIRE_MINUTES: number(1, 1440, 30, 'Life of an access token in minutes'),
  REFRESH_TOKEN_EXPIRE_DAYS: number(1, 365, 7, 'Life of a refresh token in days'),
  AUDIT_RETENTION_DAYS: variable(
    days.optional(),
    'Days that the audit log is kept; unset keeps all of it (1 to 36500)',
  ),
  CONVERSATION_RETENTION_DAYS: variable(
    days.optional(),
    'Days that conversations are kept after their last question; unset keeps all (1 to 36500)',
  ),
  USAGE_RETENTION_DAYS: variable(
    days.optional(),
    'Days that single records of usage are kept, in whole months; sums stay, unset keeps all (1 to 36500)',
  ),
  RATE_LIMIT_API_RPS: number(1, 1_000_000, 10, 'API requests a second per address; bursts of twice as many'),
  RATE_LIMIT_AUTH_RPS: number(1, 1_000_000, 5, 'Sign-in requests a second per address'),
  RATE_LIMIT_EXTERNAL_RPM: number(
    1,
    1_000_000,
    60,
    'API requests a minute of each person, and of each key of the external channel',
  ),
  RATE_LIMIT_INTERNAL_RPM: number(1, 1_000_000, 600, 'API requests a minute of each key of the internal channel'),
  RATE_LIMIT_EXTERNAL_TPM: number(
    1,
    1_000_000_000,
    100_000,
    'AI tokens a minute of each organization by people and keys of the external channel',
  ),
  RATE_LIMIT_INTERNAL_TPM: number(
    1,
    1_000_000_000,
    1_000_000,
    'AI tokens a minute of each organization by keys of the internal channel',
  ),
  PUBLIC_URL: variable(
    url('http:', 'https:').optional(),
    'Where people reach the platform, for links in e-mails; unset takes PANDECT_DOMAIN, else localhost and PANDECT_PORT',
  ),
  SMTP_HOST: variable(z.string().optional(), 'Mail server; unset sends no e-mails and marks each as failed'),
  SMTP_PORT: number(1, 65_535, 587, 'Port of the mail server; 465 speaks TLS from the first byte'),
  SMTP_USER: variable(z.string().optional(), 'Login at the mail server; unset sends without one'),
  SMTP_PASSWORD: secret(z.string().optional(), 'Password of that login'),
  SMTP_FROM: variable(
    z
      .string()
      .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'must be an e-mail address')
      .default('pandect@localhost'),
    'Address that e-mails come from; the mail server must accept it',
  ),
  SMTP_TLS: variable(
    choice('auto', 'required', 'none').default('auto'),
    'auto uses STARTTLS where the mail server offers it, required refuses to send without TLS, none never uses it',
  ),
  SMTP_CA_PATH: variable(
    z.string().optional(),
    'PEM file of an authority that signed the certificate of the mail server, in place of the usual ones',
  ),
  SELLER_NAME: variable(z.string().default('SELLER_NAME не указано'), 'Name of the company that issues invoices'),
  SELLER_INN: variable(digits(10, 12).default('0000000000'), 'Its taxpayer number'),
  SELLER_KPP: variable(digits(9).default('000000000'), 'Its tax registration reason code'),
  SELLER_ADDRESS: variable(z.string().default('SELLER_ADDRESS не указан'), 'Its address'),
  SELLER_BANK: variable(z.string().default('SELLER_BANK не указан'), 'Name of the bank that transfers go to'),
  SELLER_BIC: variable(digits(9).default('000000000'), 'Identification code of that bank'),
  SELLER_ACCOUNT: variable(digits(20).default('00000000000000000000'), 'Account that transfers go to'),
  SELLER_CORRESPONDENT_ACCOUNT: variable(
    digits(20).default('00000000000000000000'),
    'Correspondent account of that bank',
  ),
  YOOKASSA_SHOP_ID: variable(
    z.string().regex(/^\d+$/, 'must be digits').optional(),
    'Shop at YooKassa; unset leaves transfers as the only way to pay',
  ),
  YOOKASSA_SECRET_KEY: secret(z.string().optional(), 'Secret key of that shop'),
  YOOKASSA_BASE_URL: variable(
    url('http:', 'https:').default('https://api.yookassa.ru'),
    'Address of its API; the host must be in OUTBOUND_WHITELIST',
  ),
  CACHE_PREFIX: variable(z.string().default('pandect'), 'Prefix of every key in Redis'),
  ENABLE_METRICS: variable(flag.default(true), 'false leaves /metrics empty'),
  METRICS_TOKEN: secret(
    z.string().min(16, 'must have 16 characters or more').optional(),
    'Bearer token that opens /metrics at the edge; unset leaves it to run/metrics.sock and METRICS_PORT, and outside of production to this machine',
  ),
  METRICS_PORT: variable(
    integer(1, 65_535).optional(),
    'Port of 127.0.0.1 that serves /metrics without a token; unset serves none (1 to 65535)',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    url('http:', 'https:').optional(),
    'OTLP/HTTP collector for traces; unset keeps tracing off',
  ),
} satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
export type Environment<Name extends VariableName = VariableName> = {
  [N in Name]: z.output<(typeof variables)[N]['schema']>;
};

export const variableNames = Object.keys(variables) as VariableName[];
export const isVariableName = (name: string): name is VariableName => name in variables;

/** Thrown once for all mistakes together, so that an operator mends them in one go. */
export class ConfigurationError extends Error {
  readonly mistakes: string[];
  constructor(mistakes: string[]) {
    super(`Read configuration: ${mistakes.length} mistake(s)\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

/**
 * Reads the named variables. An empty string counts as unset, as in a line `NAME=` of an env file.
 * @throws ConfigurationError naming every variable that is missing or wrong. Values of secrets are not repeated.
 */
export function readEnvironment<Name extends VariableName>(
  names: readonly Name[],
  source: Record<string, string | undefined> = process.env,
): Environment<Name> {
  const { values, mistakes } = parseEnvironment(names, source);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return values as Environment<Name>;
}

/** The values that are good, and a line for each that is not, as `readEnvironment` reads them. */
export function parseEnvironment<Name extends VariableName>(
  names: readonly Name[],
  source: Record<string, string | undefined>,
): { values: Partial<Environment<Name>>; mistakes: string[] } {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const { schema, secret: isSecret }: Variable = variables[name];
    const raw = source[name] === '' ? undefined : source[name];
    const result = schema.safeParse(raw);
    if (result.success) values[name] = result.data;
    else {
      const shown = raw === undefined ? 'missing' : isSecret ? 'wrong value' : `"${raw}"`;
      mistakes.push(`${name}: ${shown}: ${[...new Set(result.error.issues.map(({ message }) => message))].join('; ')}`);
    }
  }
  return { values: values as Partial<Environment<Name>>, mistakes };
}
