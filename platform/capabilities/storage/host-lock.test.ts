import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { takeHostLock } from './index.ts';

const never = new AbortController().signal;
const name = () => `test/${crypto.randomUUID()}`;
const ignore = () => {};
const fixture = fileURLToPath(new URL('./host-lock.fixture.ts', import.meta.url));

describe('takeHostLock', () => {
  it('lets one in at a time', async () => {
    const at = name();
    let inside = 0;
    let most = 0;
    const work = async () => {
      const lock = await takeHostLock(at, ignore, never);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside--;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect([most, inside]).toEqual([1, 0]);
  });

  it('tells who holds it that it is wanted', async () => {
    const at = name();
    const wanted = Promise.withResolvers<void>();
    const first = await takeHostLock(at, wanted.resolve, never);
    const second = takeHostLock(at, ignore, never);
    await wanted.promise;
    await first.release();
    await (await second).release();
  });

  it('gives up when the signal is aborted', async () => {
    const at = name();
    const first = await takeHostLock(at, ignore, never);
    const controller = new AbortController();
    const second = takeHostLock(at, () => {}, controller.signal);
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await first.release();
    await (await takeHostLock(at, ignore, never)).release();
  });

  it('holds between processes, and is free when its holder was killed', async () => {
    const at = name();
    const child = spawn(process.execPath, [fixture, at], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let heard = '';
    child.stdout.on('data', (data) => {
      heard += data;
    });
    await expect.poll(() => heard, { timeout: 20_000 }).toBe('held\n');
    const mine = takeHostLock(at, ignore, never);
    await expect.poll(() => heard).toBe('held\nwanted\n');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await (await mine).release();
  });
});
