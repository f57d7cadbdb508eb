import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../services/binaries.ts';
import { isReachable, readUnits } from '../supervisor/unit.ts';
import { writeRoutes } from './caddy.ts';
import { type Mount, renderRoutes } from './routes.ts';
import type { EdgeSite } from './site-routes.ts';

const root = new URL('../..', import.meta.url).pathname;
const run = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(run, { recursive: true }));
const { caddy } = await findBinaries(['caddy']);

/** What the real Caddy makes of the repository's Caddyfile with these routes. */
async function adapt(mounts: Mount[], site = ':8099', sites: EdgeSite[] = []) {
  await writeRoutes(run, { mounts, sites });
  const env = { PATH: process.env.PATH, PANDECT_RUN: run, PANDECT_CADDY: run, PANDECT_SITE: site, HOME: run };
  const { stdout } = await promisify(execFile)(
    caddy,
    ['adapt', '--config', join(root, 'Caddyfile'), '--adapter', 'caddyfile'],
    {
      env,
      timeout: 20_000,
    },
  );
  return JSON.parse(stdout);
}
const mount = (name: string, paths: string[], sockets = 1): Mount => ({
  ...{ name, paths, timeout: 30 },
  sockets: Array.from({ length: sockets }, (_, slot) => join(run, name, `${slot}.sock`)),
});
/** What is looked at of Caddy's own configuration. */
interface CaddyNode {
  dial?: string;
  path?: string[];
  body?: string;
  status_code?: number;
}
/** All objects of the tree that have the key. */
function* having(key: keyof CaddyNode, tree: unknown): Generator<CaddyNode> {
  if (typeof tree !== 'object' || tree === null) return;
  if (key in tree) yield tree;
  for (const value of Object.values(tree)) yield* having(key, value);
}

describe('renderRoutes', () => {
  it('has clients use another path than the function', async () => {
    const gateway = { ...mount('gateway', ['/v1']), edgePaths: { '/v1': '/llm/v2' } };
    const tree = await adapt([gateway, mount('ask', ['/api/ask'])]);
    expect([...having('path', tree)].map(({ path }) => path)).toContainEqual(['/llm/v2', '/llm/v2/*']);
    expect(JSON.stringify(tree)).toContain('{"find":"/llm/v2","limit":1,"replace":"/v1"}');
    expect(JSON.stringify(tree)).not.toContain('"/v1/*"');
  });

  it.each([
    ['/api/ask', '"ask" has it'],
    ['/metrics', 'the edge has it'],
  ])('refuses %s in place of a path: %s', (path, why) => {
    const gateway = { ...mount('gateway', ['/v1']), edgePaths: { '/v1': path } };
    expect(() => renderRoutes({ mounts: [gateway, mount('ask', ['/api/ask'])] })).toThrow(
      `Render routes: "${path}" in place of "/v1": ${why}`,
    );
  });

  it('gives routes that Caddy takes for every function of this checkout', async () => {
    const units = await readUnits(root);
    const mounts = units.flatMap((unit) =>
      unit.kind === 'function' && isReachable(unit) ? [mount(unit.name, unit.manifest.mount, 2)] : [],
    );
    for (const site of [':8099', 'api.example.org']) {
      const dials = [...having('dial', await adapt(mounts, site))].map(({ dial }) => dial);
      for (const { sockets } of mounts) for (const socket of sockets) expect(dials).toContain(`unix/${socket}`);
      expect(dials.filter((dial) => dial?.includes('/operator/'))).toEqual([]);
    }
  });

  it('puts the more particular path first', () => {
    const text = renderRoutes({
      mounts: [mount('all', ['/']), mount('api', ['/api']), mount('ask', ['/api/ask'])],
    });
    const order = [...text.matchAll(/^@(\w+)[\w-]* path/gm)].map(([, name]) => name);
    expect(order).toEqual(['ask', 'api', 'all']);
  });

  it('covers what lies below a path, and not what only begins like it', async () => {
    const matchers = [...having('path', await adapt([mount('ask', ['/api/ask'])]))].map(({ path }) => path);
    expect(matchers).toContainEqual(['/api/ask', '/api/ask/*']);
  });

  it('is the same text for the same mounts in any order, so that a deploy never reloads Caddy', async () => {
    const [one, two] = [mount('one', ['/api/one']), mount('two', ['/api/two'])];
    expect(renderRoutes({ mounts: [one, two] })).toBe(renderRoutes({ mounts: [two, one] }));
    await writeRoutes(run, { mounts: [one, two] });
    expect(await writeRoutes(run, { mounts: [two, one] })).toBe(false);
    expect(await writeRoutes(run, { mounts: [one] })).toBe(true);
  });

  it('answers for what is not there and for functions that are away in both languages', async () => {
    const bodies = [...having('status_code', await adapt([mount('ask', ['/api/ask'])]))]
      .filter(({ body }) => body?.startsWith('{'))
      .map(({ body = '', status_code: status }) => ({ status, ...JSON.parse(body) }));
    expect(bodies.map(({ status, type, title }) => [status, type, title])).toEqual(
      expect.arrayContaining([
        [404, 'urn:pandect:problem:not-found', 'Not found'],
        [404, 'urn:pandect:problem:not-found', 'Не найдено'],
        [503, 'urn:pandect:problem:unavailable', 'Temporarily unavailable'],
        [503, 'urn:pandect:problem:unavailable', 'Временно недоступно'],
      ]),
    );
  });
});
