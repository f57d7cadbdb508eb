import type { VariableName } from './environment.ts';

/** Environment variables that are needed together, for manifests to name by their purpose. */

const group = <const Names extends readonly VariableName[]>(...names: Names): Names => names;

/** Rate limits, the cache and the count of active users. */
export const redisVariables = group('REDIS_URL', 'CACHE_PREFIX');

/** A function that people call with an access token and that works on their organization's data. */
export const memberApiVariables = group(
  'DATABASE_URL',
  ...redisVariables,
  'RATE_LIMIT_API_RPS',
  'RATE_LIMIT_AUTH_RPS',
  'RATE_LIMIT_EXTERNAL_RPM',
  'RATE_LIMIT_INTERNAL_RPM',
  'JWT_PUBLIC_KEY_PATH',
);

/** What e-mails are sent with, and where their links lead. */
export const mailVariables = group(
  'SMTP_HOST',
  'SMTP_PORT',
  'SMTP_USER',
  'SMTP_PASSWORD',
  'SMTP_FROM',
  'SMTP_TLS',
  'SMTP_CA_PATH',
  'PUBLIC_URL',
  'PANDECT_DOMAIN',
  'PANDECT_PORT',
);

/** Days that what people did is kept. */
export const retentionVariables = group('AUDIT_RETENTION_DAYS', 'CONVERSATION_RETENTION_DAYS', 'USAGE_RETENTION_DAYS');

/** Tokens a minute, for functions that admit questions or show what is left. */
export const tokenLimitVariables = group('RATE_LIMIT_EXTERNAL_TPM', 'RATE_LIMIT_INTERNAL_TPM');

/** Who issues invoices, as it stands on them. */
export const sellerVariables = group(
  'SELLER_NAME',
  'SELLER_INN',
  'SELLER_KPP',
  'SELLER_ADDRESS',
  'SELLER_BANK',
  'SELLER_BIC',
  'SELLER_ACCOUNT',
  'SELLER_CORRESPONDENT_ACCOUNT',
);

/** Payment providers, and where a payer comes back to. */
export const paymentVariables = group(
  'YOOKASSA_SHOP_ID',
  'YOOKASSA_SECRET_KEY',
  'YOOKASSA_BASE_URL',
  'OUTBOUND_WHITELIST',
  'OUTBOUND_INTERNAL_HOSTS',
  'PUBLIC_URL',
  'PANDECT_DOMAIN',
  'PANDECT_PORT',
);

export const vectorVariables = group(
  'VECTOR_DIR',
  'QDRANT_URL',
  'QDRANT_API_KEY',
  'AI_EMBEDDING_DIMENSIONS',
  'CACHE_PREFIX',
);

export const aiVariables = group(
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OUTBOUND_WHITELIST',
  'OUTBOUND_INTERNAL_HOSTS',
  'AI_MODEL_STANDARD',
  'AI_MODEL_ADVANCED',
  'AI_EMBEDDING_MODEL',
  'AI_EMBEDDING_DIMENSIONS',
  'AI_TIMEOUT_SECONDS',
);
