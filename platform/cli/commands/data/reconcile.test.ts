import { Command } from 'commander';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readRestored, writeRestored } from '../../../backup/restore/restored-record.ts';
import { type Composition, compose } from '../../../kernel/composition.ts';
import { testDatabase } from '../../../testing/database.ts';
import { files } from './files.ts';
import { operatorControl } from './operator-control.fixture.ts';
import { reconcile } from './reconcile.ts';

const database = await testDatabase();
const resumed: string[] = [];
const routes = new Hono().post('/queues/resume', async (c) => {
  resumed.push((await c.req.json()).queue);
  return c.json({});
});
const { path, close } = await operatorControl(database, routes);
afterAll(async () => {
  await close();
  await database.close();
});

beforeEach(async () => {
  for (const [name, value] of Object.entries({ PANDECT_HOME: path, DATABASE_URL: database.url('platform') }))
    vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockImplementation(() => {});
  const at = new Date().toISOString();
  await writeRestored({ root: path }, { backup: 'a', at, restoredAt: at, held: ['notify'] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  resumed.length = 0;
});

const composition = (payments: NonNullable<Composition['afterRestore']>[string]): Composition =>
  compose({ commerce: { afterRestore: { payments } } });
const run = (payments: NonNullable<Composition['afterRestore']>[string], ...flags: string[]) => {
  const program = new Command('pandect').exitOverride();
  reconcile(program, async () => composition(payments));
  return program.parseAsync(['reconcile', ...flags], { from: 'user' });
};
const fails = () => Promise.reject(new Error('the provider does not answer'));
const succeeds = async () => ({ state: 'ok' as const, detail: 'none was missing' });

it('releases nothing while something could not be set right', async () => {
  await expect(run(fails, '--release')).rejects.toThrow('payments: the provider does not answer');
  expect(resumed).toEqual([]);
  expect(await readRestored({ root: path })).toBeDefined();
});

it('releases all the same when it is told to', async () => {
  await run(fails, '--release', '--ignore-failures');
  expect(resumed).toEqual(['notify']);
  expect(await readRestored({ root: path })).toBeUndefined();
});

it('case 1: lets no file be deleted before the restore is decided', async () => {
  const program = new Command('pandect').exitOverride();
  files(program);
  const deleting = program.parseAsync(['files', 'orphans', 'delete', '--all'], { from: 'user' });
  await expect(deleting).rejects.toThrow('this home was restored, and its files may belong to rows of a newer backup');
});

it('releases what is held once everything is right', async () => {
  await run(succeeds, '--release');
  expect(resumed).toEqual(['notify']);
});
