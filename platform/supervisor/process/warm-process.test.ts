import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../services/processes.ts';
import { createWarmProcess, type WarmProcess } from './warm-process.ts';

const standBy = join(import.meta.dirname, '../../runtime/stand-by.ts');

/** Writes what it has loaded and begun into its log. */
const source = `
  import { standBy } from ${JSON.stringify(standBy)};
  console.log('loaded');
  await standBy();
  console.log('began as', process.env.PANDECT_INSTANCE, 'in', process.cwd(), 'with', Object.keys(process.env).join());
`;

describe('createWarmProcess', () => {
  let folder: string;
  let warm: WarmProcess;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    await writeFile(join(folder, 'main.mjs'), source);
    warm = createWarmProcess();
  });
  afterEach(async () => {
    warm.close();
    await rm(folder, { recursive: true });
  });

  const plan = (instance: string) => ({
    command: process.execPath,
    args: [join(folder, 'main.mjs')],
    cwd: folder,
    env: { PANDECT_INSTANCE: instance },
  });
  const prepare = (release: string) =>
    warm.prepare(release, 'now', plan(`${release}1`), join(folder, release), undefined);
  const log = (release: string) => readFile(join(folder, release), 'utf8');
  const loaded = async (release: string) => {
    while (!(await log(release)).includes('loaded')) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  it('loads the code ahead and begins when it is taken, as it was planned', async () => {
    prepare('a');
    await loaded('a');
    expect(await log('a')).toBe('loaded\n');
    const taken = warm.take('a', 'now');
    expect(taken).toMatchObject({ release: 'a', plan: plan('a1') });
    expect(await once(taken?.child as NonNullable<typeof taken>['child'], 'exit')).toEqual([0, null]);
    expect(await log('a')).toBe(`loaded\nbegan as a1 in ${folder} with PANDECT_INSTANCE\n`);
  });

  it('is left where the settings have changed since it was started', () => {
    prepare('a');
    expect(warm.take('a', 'later')).toBeUndefined();
  });

  it('can be taken before it has loaded, and only once', async () => {
    prepare('a');
    const taken = warm.take('a', 'now');
    expect(warm.take('a', 'now')).toBeUndefined();
    expect(await once(taken?.child as NonNullable<typeof taken>['child'], 'exit')).toEqual([0, null]);
  });

  it('is nothing for another release', () => {
    prepare('a');
    expect(warm.take('b', 'now')).toBeUndefined();
    expect(warm.take('a', 'now')).toBeDefined();
  });

  it('gives way to the next one', async () => {
    prepare('a');
    prepare('b');
    expect(warm.take('a', 'now')).toBeUndefined();
    expect(warm.take('b', 'now')).toBeDefined();
  });

  it('is forgotten when it ends by itself', async () => {
    await writeFile(join(folder, 'main.mjs'), 'throw new Error("broken")');
    prepare('a');
    while (warm.waitsFor() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await log('a')).toContain('broken');
    expect(warm.take('a', 'now')).toBeUndefined();
  });

  it('is ended with a supervisor that closes', async () => {
    prepare('a');
    await loaded('a');
    expect(warm.waitsFor()).toBe('a');
    warm.close();
    expect(warm.waitsFor()).toBeUndefined();
    expect(warm.take('a', 'now')).toBeUndefined();
  });

  it('ends by itself when the supervisor is gone without a word', async () => {
    const lone = `
      import { createWarmProcess } from ${JSON.stringify(join(import.meta.dirname, 'warm-process.ts'))};
      createWarmProcess().prepare('a', 'now', ${JSON.stringify(plan('a1'))}, ${JSON.stringify(join(folder, 'a'))}, undefined);
      setInterval(() => {}, 1000);
    `;
    await writeFile(join(folder, 'supervisor.mjs'), lone);
    await writeFile(join(folder, 'main.mjs'), `${source.replace("'loaded'", "'loaded', process.pid")}`);
    const supervisor = spawn(process.execPath, [join(folder, 'supervisor.mjs')], { stdio: 'ignore' });
    while (!(await log('a').catch(() => '')).includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
    const pid = Number(/loaded (\d+)/.exec(await log('a'))?.[1]);
    expect(await isAlive(pid)).toBe(true);
    supervisor.kill('SIGKILL');
    while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await log('a')).toBe(`loaded ${pid}\n`);
  });
});
