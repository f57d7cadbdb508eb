import { chmod, glob, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { NO_REDIS_URL } from '../../platform/testing/redis.ts';
import * as module from './app.ts';
import manifest from './function.ts';
import { checkNames } from './health-checks.ts';

const database = await testDatabase();
const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => database.close());

async function start(environment: Record<string, string> = {}) {
  const app = await testApp(database, { name: 'health', manifest, module }, { environment });
  apps.push(app);
  return app;
}
const noRedis = { REDIS_URL: NO_REDIS_URL };

describe('GET /health', () => {
  it('answers without a token, and is not logged', async () => {
    const app = await start();
    expect(await app.json('GET /health')).toEqual({ status: 200, body: { status: 'healthy' } });
    expect(app.log).toEqual([]);
  });
});

describe('GET /ready', () => {
  it('needs no Redis', async () => {
    expect((await (await start(noRedis)).json('GET /ready')).status).toBe(200);
  });

  it('is not given when files cannot be stored', async () => {
    const app = await start();
    await rm(join(app.folder, 'files'), { recursive: true, force: true });
    await writeFile(join(app.folder, 'files'), 'not a folder');
    await chmod(join(app.folder, 'files'), 0o600);
    expect(await app.json('GET /ready')).toEqual({ status: 503, body: { status: 'unhealthy' } });
  });
});

describe('GET /api/health', () => {
  it('shows each part', async () => {
    const app = await start();
    await expect
      .poll(async () => (await app.json('GET /api/health')).body.checks.redis.status, { timeout: 5000, interval: 500 })
      .toBe('healthy');
    const { body } = await app.json('GET /api/health');
    expect(Object.keys(body.checks)).toEqual([...checkNames]);
    expect(body).toMatchObject({ timestamp: expect.any(String), version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    for (const name of ['database', 'vectors', 'storage', 'ai']) expect(body.checks[name].status).toBe('healthy');
  });

  it('sees a damaged search index, which the metrics count until it is built again', async () => {
    const app = await start();
    const counted = async () => /^search_indexes_damaged (\d+)/m.exec(await app.boot.metrics.expose())?.[1];
    expect((await app.json('GET /api/health')).body.checks.vectors.status).toBe('healthy');
    expect(await counted()).toBe('0');
    const folder = await glob(join(app.folder, 'vectors/*/')).next();
    const file = join(folder.value as string, `${crypto.randomUUID()}.sqlite`);
    await writeFile(file, 'This is no database. '.repeat(500));
    // Results are kept for two seconds.
    await expect
      .poll(async () => (await app.json('GET /api/health')).body.checks.vectors.status, {
        timeout: 10_000,
        interval: 500,
      })
      .toBe('unhealthy');
    expect(await counted()).toBe('1');
    await rm(`${file}.damaged`);
    expect(await counted()).toBe('0');
  });

  it('names the part that is unavailable, and nothing about where it is', async () => {
    const app = await start(noRedis);
    const { status, body } = await app.json('GET /api/health');
    expect([status, body.status, body.checks.redis.status]).toEqual([503, 'unhealthy', 'unhealthy']);
    expect(JSON.stringify(body)).not.toMatch(/nowhere|sock/);
  });
});

describe('the gauge of active users', () => {
  it('shows no more than a number', async () => {
    await testOrganization(database);
    expect(await (await start()).boot.metrics.expose()).toMatch(/^active_users_total 0$/m);
  });
});
