import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { createLog, type Log } from '../../kernel/log.ts';
import { temporaryHome } from '../../services/temporary-home.ts';
import { errorRows } from './error-groups.ts';
import { errorsPath, readErrorGroups, startErrors } from './start-errors.ts';

const { home, remove } = await temporaryHome();
afterAll(remove);
const path = errorsPath(home.root);
beforeEach(async () => {
  await mkdir(home.logs, { recursive: true });
  for (const name of ['ask', 'ingest', 'supervisor']) await writeFile(join(home.logs, `${name}.log`), '');
  await writeFile(path, '{"positions": cut');
});

const start = (onError = vi.fn(), log: Pick<Log, 'warn'> = createLog({ level: 'silent' })) =>
  startErrors({
    ...{ path, root: '/srv', folders: home, onError, log },
    names: () => ['ask', 'ingest', 'asleep', 'supervisor'],
    releaseOf: (unit) => (unit === 'ask' ? 'serving' : undefined),
  });

/** Has a process write to its log. */
async function write(name: string, say: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  say(createLog({ level: 'info', fields: { process: name }, output: { write: (line) => void lines.push(line) } }));
  await appendFile(join(home.logs, `${name}.log`), lines.join(''));
}
const rows = (groups: Parameters<typeof errorRows>[0]) =>
  errorRows(groups, { since: 0, unit: undefined })
    .map(({ unit, name, count, release }) => [unit, name, count, release])
    .sort();

it('counts each error once, over restarts of the supervisor and errors in between', async () => {
  const first = await start();
  await write('ask', (log) => {
    log.info({ text: '"level":"error"' }, 'Request');
    for (let n = 0; n < 3; n++) log.error({ error: new RangeError('too much') }, 'Request failed');
  });
  await write('supervisor', (log) => log.child({ unit: 'ingest' }).error({ end: 'SIGKILL' }, 'Process ended'));
  expect(rows(await first.groups())).toEqual([
    ['ask', 'RangeError', 3, 'serving'],
    ['ingest', 'Process ended', 1, null],
  ]);
  await first.stop();
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  await write('ask', (log) => log.fatal({ error: new RangeError('too much') }, 'Process failed'));
  expect(rows(await readErrorGroups(path))).toHaveLength(2);
  const second = await start();
  const after = rows(await second.groups());
  await second.stop();
  expect(after.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(5);
  expect(rows(await readErrorGroups(path))).toEqual(after);
});

it('counts again from the logs what a supervisor that was killed had not written down, and nothing twice', async () => {
  const killed = await start();
  await write('ask', (log) => log.error({ error: new RangeError('one') }, 'Request failed'));
  await killed.groups();
  const written = await readFile(path);
  await write('ask', (log) => log.error({ error: new RangeError('two') }, 'Request failed'));
  expect(rows(await killed.groups())).toEqual([['ask', 'RangeError', 2, 'serving']]);
  await killed.stop();
  await writeFile(path, written);
  const next = await start();
  expect(rows(await next.groups())).toEqual([['ask', 'RangeError', 2, 'serving']]);
  await next.stop();
});

it('names places by the sources of a release, and the release by its folder', async () => {
  const folder = join(home.releases, 'ask/0123456789ab');
  await mkdir(folder, { recursive: true });
  const map = { version: 3, sources: ['../../../../functions/ask/app.ts'], names: [], mappings: 'AAQA' };
  await writeFile(join(folder, 'main.js.map'), JSON.stringify(map));
  const onError = vi.fn();
  const log = await start(onError);
  const error = new TypeError('no');
  error.stack = `TypeError: no\n    at answer (file://${folder}/main.js:1:1)`;
  await write('ask', (one) => one.error({ error }, 'Request failed'));
  const [group] = await log.groups();
  await log.stop();
  expect(group).toMatchObject({ frame: 'functions/ask/app.ts:9 answer', release: '0123456789ab' });
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ release: '0123456789ab' }), group);
  expect(dirname(path)).toBe(home.root);
});

it('counts what other logs tell when one cannot be read, and says so once', async () => {
  await rm(join(home.logs, 'ask.log'));
  await mkdir(join(home.logs, 'ask.log'));
  const warn = vi.fn();
  const log = await start(vi.fn(), { warn });
  await write('ingest', (one) => one.error({ error: new RangeError('no') }, 'Job failed'));
  await log.groups();
  expect(rows(await log.groups())).toEqual([['ingest', 'RangeError', 1, null]]);
  await log.stop();
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ unit: 'ask' }), expect.any(String));
  await rm(join(home.logs, 'ask.log'), { recursive: true });
});

it('keeps up with a flood', async () => {
  const log = await start();
  await write('ask', (one) => {
    for (let n = 0; n < 5_000; n++) one.error({ error: new RangeError(`number ${n}`) }, 'Request failed');
  });
  expect(rows(await log.groups())).toEqual([['ask', 'RangeError', 5_000, 'serving']]);
  await log.stop();
  expect((await stat(path)).size).toBeLessThan(2_000);
});
