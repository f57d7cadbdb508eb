import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointLink } from '../supervisor/traffic/point-link.ts';
import { startTestEdge, type TestEdge } from '../testing/edge.ts';
import { createVersion } from './version.ts';

let edge: TestEdge;
const main = 'assets/main-AAAAAAAA.js';

beforeAll(async () => {
  edge = await startTestEdge({ sites: [{ name: 'web', entries: ['index.html', 'operator.html'] }] });
  await edge.serve(await edge.upstream('one'));
  await place('pages/one/index.html', '<title>one</title>');
  await place('pages/two/index.html', '<title>two, longer</title>');
  await place('pages/one/operator.html', '<title>console</title>');
  await place('pages/two/robots.txt', 'User-agent: *');
  await place(main, 'plain');
  for (const ending of ['br', 'zst', 'gz']) await place(`${main}.${ending}`, ending);
  await place('previews/abc123/index.html', '<title>preview</title>');
  await place('previews/abc123/operator.html', '<title>console of preview</title>');
  await serve('one');
});
afterAll(() => edge.close());

async function place(path: string, text: string): Promise<void> {
  const file = join(edge.run, 'web', path);
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  await writeFile(file, text, { mode: 0o644 });
}
const serve = (release: string) => pointLink(join(edge.run, 'web/current'), `pages/${release}`);
const get = (path: string, headers: Record<string, string> = {}) => edge.ask({ path, headers });

describe('a page', () => {
  it.each(['/', '/c/12', '/documents/a/compare/b?x=1', '/organization/people'])(
    'answers %s, and browsers ask for it again each time',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, body]).toEqual([200, '<title>one</title>']);
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-type']).toContain('text/html');
      expect((await get(path, { 'if-none-match': headers.etag as string })).status).toBe(304);
    },
  );

  it('is the new one from the moment at which the link changes, without a new configuration', async () => {
    const { headers } = await get('/');
    await serve('two');
    const { status, body } = await get('/', { 'if-none-match': headers.etag as string });
    expect([status, body]).toEqual([200, '<title>two, longer</title>']);
    expect((await get('/robots.txt')).body).toBe('User-agent: *');
    await serve('one');
  });

  it('may run nothing but the scripts of the site, and make no HTML out of text', async () => {
    const { headers } = await get('/c/1');
    const policy = headers['content-security-policy'] as string;
    expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types pandect");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    });
  });

  it('takes nothing that is sent to it', async () => {
    const { status, headers } = await edge.ask({ path: '/c/1', method: 'POST', body: 'x' });
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  });
});

describe('another page', () => {
  it.each(['/operator', '/operator/', '/operator/units/ask?x=1', '/operator.html'])(
    'answers what begins with its name, under the same policy: %s',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, body, headers['cache-control']]).toEqual([200, '<title>console</title>', 'no-cache']);
      expect(headers['content-security-policy']).toBe((await get('/')).headers['content-security-policy']);
      expect((await get(path, { 'if-none-match': headers.etag as string })).status).toBe(304);
    },
  );

  it.each(['/operators', '/c/operator', '/x/operator/y'])('leaves others to the first page: %s', async (path) => {
    expect((await get(path)).body).toBe('<title>one</title>');
  });

  it('is the first page in a release without it', async () => {
    await serve('two');
    expect((await get('/operator/units')).body).toBe('<title>two, longer</title>');
    await serve('one');
  });

  it.each(['operator', 'operator/units/ask'])('of a preview answers at its own address: %s', async (path) => {
    const { status, headers, body } = await get(`/_preview/web/abc123/${path}`);
    expect([status, body]).toEqual([200, '<title>console of preview</title>']);
    expect([headers['cache-control'], headers['x-pandect-preview']]).toEqual(['no-store', 'abc123']);
  });
});

describe('an asset', () => {
  it.each([
    ['gzip, br, zstd', 'br', 'br'],
    ['gzip, zstd', 'zstd', 'zst'],
    ['gzip', 'gzip', 'gz'],
    ['identity', undefined, 'plain'],
  ])('comes as it was compressed at the build: %s', async (accepted, encoding, text) => {
    const { status, headers, body } = await get(`/${main}`, { 'accept-encoding': accepted });
    expect([status, headers['content-encoding'], body]).toEqual([200, encoding, text]);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toContain('javascript');
    if (encoding) expect(headers.vary?.toLowerCase()).toContain('accept-encoding');
  });

  it.each([
    '/assets/gone-AAAAAAAA.js',
    '/assets/',
    '/assets/../pages/one/index.html',
    '/assets/..%2fpages/one/index.html',
  ])('that is not there is 404, and no browser keeps that: %s', async (path) => {
    const { status, headers, body } = await get(path);
    if (path.includes('..')) return expect(body).not.toContain('plain');
    expect([status, headers['cache-control']]).toEqual([404, undefined]);
    expect(headers['content-type']).toBe('application/problem+json');
  });
});

describe('what is no page', () => {
  it.each([
    '/api',
    '/api/nothing',
    '/api/asking',
    '/.well-known/nothing',
    '/_preview/',
    '/_preview/web/none/',
    '/_preview/web/abc123',
  ])('%s is a problem document, as without a site', async (path) => {
    const { status, headers, body } = await get(path);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(JSON.parse(body).type).toBe('urn:pandect:problem:not-found');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
  });

  it('is what a function answers, which says which versions are there now', async () => {
    const version = createVersion(edge.run);
    expect((await get('/api/ask')).headers['pandect-api']).toBeUndefined();
    await version.write({ site: '' });
    expect((await get('/api/ask')).headers['pandect-api']).toBe('');
    await version.write({ api: 'abc123' });
    await version.write({ site: 'def456' });
    const { status, headers } = await get('/api/ask');
    expect([status, headers['pandect-api'], headers['pandect-site']]).toEqual([200, 'abc123', 'def456']);
    await Promise.all([version.write({ api: 'fff' }), version.write({ site: '' })]);
    expect((await get('/api/ask')).headers).toMatchObject({ 'pandect-api': 'fff', 'pandect-site': '' });
  });
});

describe('a preview', () => {
  it.each(['', 'c/12', 'documents?state=ready'])('answers at its own address: %s', async (path) => {
    const { status, headers, body } = await get(`/_preview/web/abc123/${path}`);
    expect([status, body]).toEqual([200, '<title>preview</title>']);
    expect([headers['cache-control'], headers['x-pandect-preview']]).toEqual(['no-store', 'abc123']);
    expect(headers['content-security-policy']).toContain('trusted-types pandect');
  });

  it('is gone with its folder', async () => {
    await rm(join(edge.run, 'web/previews/abc123'), { recursive: true });
    expect((await get('/_preview/web/abc123/')).status).toBe(404);
  });
});
