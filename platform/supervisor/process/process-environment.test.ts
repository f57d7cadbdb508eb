import { describe, expect, it } from 'vitest';
import { type LoginName, loginUrl } from '../../../db/logins.ts';
import { composition } from '../../../modules/composition.ts';
import { defineFunction, defineWorker } from '../../kernel/manifest.ts';
import { readUnits, type Unit } from '../unit.ts';
import { processEnvironment } from './process-environment.ts';

const ownerUrl = 'postgres://owner:owner-password@localhost/pandect?host=%2Frun';
const { variables } = composition;
const settings = {
  variables,
  source: {
    ...Object.fromEntries(variables.map(({ name }) => [name, `operator-${name}`])),
    PATH: '/bin',
    AWS_SECRET_ACCESS_KEY: 'not ours',
    NODE_OPTIONS: '--inspect',
  },
  databaseUrl: (login: LoginName) => loginUrl(ownerUrl, login, `password-${login}`),
  poolOf: () => 3,
  redisUrl: 'redis://platform',
  folders: { files: '/home/files', vectors: '/home/vectors', calls: '/home/calls', keys: '/home/keys' },
  keys: { privatePath: '/keys/private.pem', publicPath: '/keys/public.pem' },
  consoleSocket: '/run/console.sock',
};
type Built<T> = Partial<T> & { env?: readonly string[] };
const functionUnit = ({ env = [], ...manifest }: Built<Parameters<typeof defineFunction>[0]>): Unit => ({
  ...{ kind: 'function', name: 'probe', folder: '/functions/probe' },
  manifest: { ...defineFunction({ mount: ['/api/probe'], ...manifest }), env },
});
const workerUnit = ({ env = [], ...manifest }: Built<Parameters<typeof defineWorker>[0]>): Unit => ({
  ...{ kind: 'worker', name: 'probe', folder: '/workers/probe' },
  manifest: { ...defineWorker(manifest), env },
});
const always = [
  'ALLOWED_HOSTS',
  'CORS_ORIGINS',
  'DEBUG',
  'ENABLE_METRICS',
  'ENVIRONMENT',
  'LOG_JSON_FORMAT',
  'LOG_LEVEL',
  'METRICS_ORGANIZATIONS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'TRUSTED_PROXIES',
];

describe('processEnvironment', () => {
  it('gives a process what its manifest names, what all have, and nothing else', () => {
    const given = processEnvironment(functionUnit({ env: ['CACHE_PREFIX', 'OPENAI_API_KEY'] }), settings);
    expect(Object.keys(given).toSorted()).toEqual([...always, 'CACHE_PREFIX', 'OPENAI_API_KEY'].toSorted());
    expect(given.OPENAI_API_KEY).toBe('operator-OPENAI_API_KEY');
  });

  it('names the console’s socket to the console alone', () => {
    const named = functionUnit({ env: ['CONSOLE_SOCKET'] });
    expect(processEnvironment(named, settings)).not.toHaveProperty('CONSOLE_SOCKET');
    const given = processEnvironment({ ...named, name: 'console' }, settings);
    expect(given.CONSOLE_SOCKET).toBe('/run/console.sock');
  });

  it('gives nothing that no module defines, even if a release names it', () => {
    const given = processEnvironment(
      functionUnit({ env: ['PATH', 'NODE_OPTIONS', 'AWS_SECRET_ACCESS_KEY'] }),
      settings,
    );
    expect(Object.keys(given).toSorted()).toEqual(always);
  });

  it('gives no secret that is not named', () => {
    const given = processEnvironment(functionUnit({}), settings);
    for (const { name, secret } of variables) if (secret) expect(given).not.toHaveProperty(name);
  });

  it.each([
    [functionUnit({ database: 'tenant', env: ['DATABASE_URL'] }), 'tenant'],
    [functionUnit({ database: 'identity', env: ['DATABASE_URL'] }), 'identity'],
    [functionUnit({ database: 'platform', env: ['DATABASE_URL'] }), 'platform'],
    [workerUnit({ database: 'tenant', env: ['DATABASE_URL'] }), 'tenant-worker'],
    [workerUnit({ database: 'platform', env: ['DATABASE_URL'] }), 'platform-worker'],
  ] as const)('logs a process in as its manifest says, never as the owner: %#', (unit, login) => {
    const { DATABASE_URL = '' } = processEnvironment(unit, settings);
    const url = new URL(DATABASE_URL);
    expect([url.username, url.password]).toEqual([`pandect_login_${login.replace('-', '_')}`, `password-${login}`]);
    expect([url.pathname, url.searchParams.get('host')]).toEqual(['/pandect', '/run']);
  });

  it('gives no database to a process without a role', () => {
    const given = processEnvironment(functionUnit({ database: 'none', env: ['DATABASE_URL'] }), settings);
    expect(given).not.toHaveProperty('DATABASE_URL');
  });

  it('takes places from the operator where they are given, and from the home otherwise', () => {
    const unit = functionUnit({ env: ['UPLOAD_DIR', 'VECTOR_DIR', 'REDIS_URL', 'JWT_PUBLIC_KEY_PATH'] });
    const bare = { ...settings, source: { UPLOAD_DIR: '', VECTOR_DIR: '/data/vectors' } };
    expect(processEnvironment(unit, bare)).toEqual({
      ...{ UPLOAD_DIR: '/home/files', VECTOR_DIR: '/data/vectors' },
      ...{ REDIS_URL: 'redis://platform', JWT_PUBLIC_KEY_PATH: '/keys/public.pem' },
    });
  });
});

describe('the manifests of this checkout', async () => {
  const units = await readUnits(new URL('../../..', import.meta.url).pathname);

  it('mount each path once', () => {
    const paths = units.flatMap((unit) => (unit.kind === 'function' ? unit.manifest.mount : []));
    expect(paths).toHaveLength(new Set(paths).size);
  });
});
