import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { docsAssets, docsPage } from '../../../edge/docs-page.ts';
import { findBinaries } from '../../../services/binaries.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { freePort } from '../../../testing/free-port.ts';
import { checkout, fixtureInput } from '../export.fixture.ts';
import { siteCaddyfile, siteResources } from './site-resources.ts';

const { dependencies } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));

/** The pod of a site: Caddy with its configuration, apart from ports and where the pages lie. */

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-site-'));
const [port, control] = [await freePort(), await freePort()];
let caddy: ChildProcess | undefined;

beforeAll(async () => {
  const pages = {
    'index.html': '<title>Pandect</title>',
    'operator.html': '<title>Console</title>',
    'assets/main-1a2b.js': 'start()',
    '.api/openapi.json': '{"openapi":"3.1.0"}',
    '.docs/index.html': docsPage['index.html'],
    '.docs/start.js': docsPage['start.js'],
  };
  for (const [path, text] of Object.entries(pages)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const text = siteCaddyfile(
    await readFile(join(checkout, 'Caddyfile'), 'utf8'),
    { entries: ['index.html', 'operator.html'] },
    ['/api', '/v1'],
  )
    .replaceAll(':8080', `:${port}`)
    .replaceAll(':8081', `:${control}`)
    .replaceAll('/site', folder);
  await writeFile(join(folder, 'Caddyfile'), text);
  const { caddy: program } = await findBinaries(['caddy']);
  const args = ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'];
  caddy = spawn(program, args, { env: { ...commandEnvironment, HOME: folder }, stdio: 'ignore' });
  const isAlive = () =>
    ask('/_pandect/alive', control).then(
      ({ status }) => status,
      () => 0,
    );
  await vi.waitFor(async () => expect(await isAlive()).toBe(200), { timeout: 15_000 });
}, 30_000);
afterAll(async () => {
  if (caddy?.exitCode === null) {
    const exited = once(caddy, 'exit');
    caddy.kill('SIGTERM');
    await exited;
  }
  await rm(folder, { recursive: true });
});

const ask = (path: string, at = port, init: RequestInit = {}) => fetch(`http://127.0.0.1:${at}${path}`, init);

it('serves the page at every path that is none of an API, which browsers ask for each time', async () => {
  for (const path of ['/', '/documents/1']) {
    const answer = await ask(path);
    expect([answer.status, await answer.text()]).toEqual([200, '<title>Pandect</title>']);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('strict-transport-security')).toContain('max-age');
  }
});

it('serves every other page below its own name', async () => {
  for (const path of ['/operator', '/operator/units/ask']) {
    expect(await (await ask(path)).text()).toBe('<title>Console</title>');
  }
  expect(await (await ask('/operators')).text()).toBe('<title>Pandect</title>');
});

it('has browsers keep assets, and knows no others', async () => {
  const asset = await ask('/assets/main-1a2b.js');
  expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  const missing = await ask('/assets/main-9z.js');
  expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, null]);
});

it('describes the API, and leaves its other paths to functions', async () => {
  const api = await ask('/api/openapi.json');
  expect([api.headers.get('content-type'), await api.json()]).toEqual(['application/json', { openapi: '3.1.0' }]);
  expect(api.headers.get('content-security-policy')).toContain('sandbox');
  for (const path of ['/api/unknown', '/v1/models', '/.api/openapi.json']) expect((await ask(path)).status).toBe(404);
  expect((await ask('/', port, { method: 'POST' })).status).toBe(405);
  expect((await ask('/', control)).status).toBe(404);
});

it('shows the page of the API, which loads its own files alone', async () => {
  const page = await ask('/api/docs/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'; style-src 'self' 'unsafe-inline'/);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await (await ask('/api/docs/start.js')).text()).toContain('/api/openapi.json');
  const moved = await ask('/api/docs', port, { redirect: 'manual' });
  expect([moved.status, moved.headers.get('location')]).toEqual([302, '/api/docs/']);
  expect((await ask('/api/docs/none')).status).toBe(404);
  expect((await ask('/.docs/start.js')).status).toBe(404);
});

it('copies what the page loads out of the image', () => {
  const [deployment] = siteResources('web', fixtureInput());
  const text = JSON.stringify(deployment);
  for (const name of docsAssets) expect(text).toContain(`/app/node_modules/swagger-ui-dist/${name}`);
  expect(dependencies).toHaveProperty('swagger-ui-dist');
});
