import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { defineFunction, defineWorker } from '../../kernel/manifest.ts';
import type { Unit } from '../../supervisor/unit.ts';
import { INTERNAL_NETWORKS } from './cluster/destinations.ts';
import type { ExportInput } from './input.ts';
import type { Files, Resource } from './resource.ts';

export const checkout = join(import.meta.dirname, '../../..');

const READ = ['DATABASE_URL', 'DATABASE_POOL', 'REDIS_URL'];
const FILES = [
  'STORAGE',
  'PANDECT_HOSTS',
  'UPLOAD_DIR',
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_SECRET_ACCESS_KEY',
  'OUTBOUND_WHITELIST',
];

/** Units with everything that an export has to tell apart, whose manifests stay as they are. */
export const fixtureUnits: Unit[] = [
  {
    kind: 'function',
    name: 'ask',
    folder: 'ask',
    manifest: {
      ...defineFunction({
        mount: ['/api/ask', '/v1'],
        database: 'tenant',
        connections: 3,
        instances: { min: 1, max: 4 },
        timeout: 120,
      }),
      env: [
        ...[...READ, 'QDRANT_URL', 'QDRANT_API_KEY', 'VECTOR_DIR', 'JWT_PUBLIC_KEY_PATH', 'OUTBOUND_WHITELIST'],
        ...['OUTBOUND_INTERNAL_HOSTS', 'OPENAI_BASE_URL', 'OPENAI_CA_PATH'],
      ],
    },
  },
  {
    kind: 'function',
    name: 'admin',
    folder: 'admin',
    manifest: {
      ...defineFunction({ mount: ['/api/admin'], database: 'platform', instances: { min: 0, max: 1 } }),
      env: READ,
    },
  },
  {
    kind: 'function',
    name: 'operator',
    folder: 'operator',
    manifest: {
      ...defineFunction({ mount: [], database: 'platform', instances: { min: 0, max: 1 }, rateLimit: 'none' }),
      env: [...READ, 'GATEWAY_SECRETS_KEY_PATH'],
    },
  },
  {
    kind: 'worker',
    name: 'ingest',
    folder: 'ingest',
    manifest: {
      ...defineWorker({
        ...{ database: 'tenant', instances: { min: 1, max: 3 }, concurrency: 3, perOrganization: 2, memory: 256 },
        ...{ timeout: 1800, children: { 'parse-process': 'parse.ts' } },
      }),
      env: [...READ, ...FILES],
    },
  },
  {
    kind: 'worker',
    name: 'notify',
    folder: 'notify',
    manifest: {
      ...defineWorker({ database: 'platform', timeout: 60, queues: { letters: { timeout: 120 } } }),
      env: [...READ, 'SMTP_HOST', 'SMTP_PASSWORD', 'SMTP_CA_PATH'],
    },
  },
];

/** Those of the platform and the modules that these units read. */
const variables: ExportInput['variables'] = [
  ...['ENVIRONMENT', 'LOG_LEVEL', 'ALLOWED_HOSTS', 'TRUSTED_PROXIES', 'STORAGE', 'S3_ENDPOINT', 'S3_BUCKET'],
  ...['OUTBOUND_WHITELIST', 'OUTBOUND_INTERNAL_HOSTS', 'OPENAI_BASE_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ...['QDRANT_URL', 'SMTP_HOST', 'DATABASE_POOL', 'PANDECT_HOSTS', 'ALERT_EMAIL', 'DATABASE_CONNECTIONS'],
]
  .map((name): ExportInput['variables'][number] => ({ name, secret: false }))
  .concat(
    [...['DATABASE_URL', 'REDIS_URL', 'QDRANT_API_KEY', 'S3_SECRET_ACCESS_KEY', 'SMTP_PASSWORD', 'SENTRY_DSN']].map(
      (name) => ({ name, secret: true }),
    ),
    { name: 'OPENAI_CA_PATH', secret: false, path: 'file' },
    { name: 'SMTP_CA_PATH', secret: false, path: 'file' },
    { name: 'JWT_PUBLIC_KEY_PATH', secret: false, path: 'key' },
    { name: 'GATEWAY_SECRETS_KEY_PATH', secret: false, path: { secretKey: 'gateway-secrets.key' } },
    { name: 'UPLOAD_DIR', secret: false, path: { folder: 'files' } },
    { name: 'VECTOR_DIR', secret: false, path: { folder: 'vectors' } },
  );

export const DIGEST = '3f'.repeat(32);

export const fixtureInput = (changes: Partial<ExportInput> = {}): ExportInput => ({
  units: fixtureUnits,
  sites: [{ name: 'web', entries: ['index.html', 'operator.html'] }],
  image: `registry.example.org/pandect@sha256:${DIGEST}`,
  domain: 'pandect.example.org',
  namespace: 'pandect',
  gatewayClass: 'envoy',
  variables,
  settings: {
    S3_ENDPOINT: 'https://storage.example.org:9000',
    S3_BUCKET: 'files',
    OUTBOUND_WHITELIST: 'api.openai.com,storage.example.org',
    SMTP_PASSWORD: 'never-shown',
  },
  authorities: {},
  internalNetworks: INTERNAL_NETWORKS,
  caddyfile: readFileSync(join(checkout, 'Caddyfile'), 'utf8'),
  openapi: '{"openapi":"3.1.0"}',
  ...changes,
});

/** All objects of an export that a cluster is given, with the file that each stands in. */
export const resourcesIn = (files: Files): { path: string; resource: Resource }[] =>
  Object.entries(files).flatMap(([path, text]) =>
    path.endsWith('.yaml') && !/(kustomization|references)\.yaml$/.test(path)
      ? parseAllDocuments(text).map((document) => ({ path, resource: document.toJS() as Resource }))
      : [],
  );
