import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pruneRoutes } from './prune-routes.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pandect-test-prune-'));
  for (const name of ['cache', 'logs']) await mkdir(join(root, name));
  for (const [day, id] of ['one', 'two', 'three'].entries()) {
    const folder = join(root, 'releases', 'ask', id);
    await mkdir(folder, { recursive: true });
    await utimes(folder, day, day);
  }
});
afterEach(() => rm(root, { recursive: true }));

const prune = async (unit: { isHeld: boolean; started?: () => object[] }) => {
  const processes = { candidates: [], previews: [], leaving: [], current: undefined, canary: undefined };
  const ask = {
    name: 'ask',
    lock: { isHeld: unit.isHeld },
    get state() {
      return { ...processes, candidates: unit.started?.() ?? [], record: { history: [] } };
    },
  };
  const home = { root, ...Object.fromEntries(['releases', 'cache', 'logs'].map((name) => [name, join(root, name)])) };
  const platform = { home, units: { all: [ask] }, sites: { all: [] }, settings: { source: {} } };
  const app = pruneRoutes(platform as unknown as Parameters<typeof pruneRoutes>[0]);
  const body = JSON.stringify({ keep: 2, isDryRun: false });
  const headers = { 'content-type': 'application/json' };
  return (await app.request('/', { method: 'POST', headers, body })).json() as Promise<{ rows: { name: string }[] }>;
};
const isThere = () => existsSync(join(root, 'releases', 'ask', 'one'));

it('removes releases that nothing uses', async () => {
  expect((await prune({ isHeld: false })).rows).toMatchObject([{ what: 'release', name: 'ask', count: 1 }]);
  expect(isThere()).toBe(false);
});

it('leaves the releases of a unit that is being changed, which may be about to start one', async () => {
  expect((await prune({ isHeld: true })).rows).toEqual([]);
  expect(isThere()).toBe(true);
});

it('leaves a release that was started since it was found', async () => {
  let looks = 0;
  const started = () => (++looks > 1 ? [{ release: { id: 'one' } }] : []);
  expect((await prune({ isHeld: false, started })).rows).toEqual([]);
  expect(isThere()).toBe(true);
});
