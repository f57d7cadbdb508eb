import { expect, it } from 'vitest';
import { defineFunction, defineWorker } from '../../kernel/manifest.ts';
import type { Unit } from '../unit.ts';
import { planServe } from './serve-plan.ts';

const ask: Unit = {
  kind: 'function',
  name: 'ask',
  folder: 'functions/ask',
  manifest: {
    ...defineFunction({ mount: ['/api/ask'], database: 'tenant', memory: 200 }),
    env: ['DATABASE_URL', 'UPLOAD_DIR', 'JWT_PUBLIC_KEY_PATH'],
  },
};
const release = { id: '1', unit: 'ask', folder: '/built/ask/1', entry: '/built/ask/1/main.js', natives: [] };
const place = {
  node: '/usr/bin/node',
  home: '/var/lib/pandect',
  variables: [
    { name: 'DATABASE_URL' },
    { name: 'SMTP_PASSWORD' },
    { name: 'LOG_LEVEL' },
    { name: 'UPLOAD_DIR', path: { folder: 'files' } },
    { name: 'JWT_PUBLIC_KEY_PATH', path: 'key' },
  ] as const,
};
const source = {
  ...{ PORT: '8080', DATABASE_URL: 'postgres://tenant@db/pandect', SMTP_PASSWORD: 'hidden', HOSTNAME: 'ask-7f' },
  ...{ JWT_PUBLIC_KEY_PATH: '/run/pandect/keys/jwt-public.pem', PANDECT_SOCKET: '/run/other.sock', LOG_LEVEL: 'info' },
};

it('starts a process with what its manifest names, reached at ports, and confined', () => {
  const { args, cwd, env } = planServe(ask, release, source, place);
  expect(cwd).toBe('/built/ask/1');
  expect(env).toMatchObject({
    ...{ PORT: '8080', CONTROL_PORT: '8081', PANDECT_INSTANCE: 'ask-7f', UPLOAD_DIR: '/var/lib/pandect/files' },
    ...{ DATABASE_URL: source.DATABASE_URL, LOG_LEVEL: 'info', TZ: 'UTC' },
  });
  for (const name of ['SMTP_PASSWORD', 'PANDECT_SOCKET', 'HOSTNAME']) expect(env).not.toHaveProperty(name);
  expect(args).toEqual([
    '--permission',
    '--allow-fs-read=/built/ask/1/*',
    '--allow-fs-read=/run/pandect/keys/jwt-public.pem',
    '--allow-fs-read=/var/lib/pandect/cache/ask/*',
    '--allow-fs-read=/var/lib/pandect/files/*',
    '--allow-fs-write=/var/lib/pandect/cache/ask/*',
    '--allow-fs-write=/var/lib/pandect/files/*',
    '--max-old-space-size=200',
    '--max-semi-space-size=2',
    '/built/ask/1/main.js',
  ]);
});

it('gives a worker one port', () => {
  const worker: Unit = { kind: 'worker', name: 'w', folder: 'w', manifest: { ...defineWorker({}), env: [] } };
  expect(planServe(worker, release, { PORT: '8080', CONTROL_PORT: '9000' }, place).env).toMatchObject({
    CONTROL_PORT: '9000',
  });
  expect(planServe(worker, release, { PORT: '8080', CONTROL_PORT: '9000' }, place).env).not.toHaveProperty('PORT');
  expect(() => planServe(worker, release, { PORT: '8080' }, place)).toThrow('CONTROL_PORT: missing');
});

it('is refused without a port, and without the login of its role', () => {
  expect(() => planServe(ask, release, { ...source, PORT: undefined }, place)).toThrow('PORT: missing');
  expect(() => planServe(ask, release, { ...source, DATABASE_URL: '' }, place)).toThrow(
    'Serve function "ask": DATABASE_URL: missing: must be the login of the role "tenant"',
  );
});
