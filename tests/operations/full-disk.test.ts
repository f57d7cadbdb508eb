import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Change, rowsOf } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { callEcho, echoVisitors } from '../support/echo-visits.ts';
import { startLoad } from '../support/http/load.ts';
import { pandect, pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** A small disk of one's own takes the right to mount one. */
const place: TemporaryHome = await temporaryHome();
const isMounted = await mount(place.home.root);
if (!isMounted) process.stdout.write('SKIPPED: the full disk, since this user may not mount a small one\n');

async function mount(folder: string): Promise<boolean> {
  try {
    await access('/proc/self/mounts', constants.R_OK);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'pandect-test', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

afterAll(async () => {
  if (isMounted) execFileSync('umount', ['--lazy', place.home.root]);
  await place.remove();
});

describe.skipIf(!isMounted)('a full disk', () => {
  let copy: CheckoutCopy;
  let platform: TestPlatform;
  let echo: EchoFunction;
  const filler = join(place.home.root, 'logs', 'filler');

  beforeAll(async () => {
    copy = await copyCheckout({ units: [] });
    echo = await addEchoFunction(copy, 'echo');
    platform = await startTestPlatform({ root: copy.root, home: place });
    await echo.write({ version: 'version 1' });
    expect((await pandect(platform, 'deploy', 'echo', '--watch', '0')).status).toBe(0);
  });
  afterAll(async () => {
    await rm(filler, { force: true });
    await platform?.stop();
    await copy?.remove();
  });

  it.each([
    ['deploy', ['deploy', 'echo']],
    ['rollback', ['rollback', 'echo']],
    ['restart', ['restart', 'echo']],
  ])('refuses a %s with the reason, and everything continues as it was', async (_, command) => {
    const before = await rowsOf(platform, 'echo');
    await echo.write({ version: `version for a ${command[0]}` });
    await fill(filler);
    const load = startLoad(echoVisitors(platform, echo));
    const { status, value } = await pandectJson<Change>(platform, ...command);
    const { failures } = await load.stop();
    expect({ status, last: value.events.at(-1)?.step }).toEqual({ status: 1, last: 'failed' });
    expect(value.events.at(-1)?.message).toMatch(/ENOSPC|no space left/);
    expect(failures, 'nor do requests notice').toEqual([]);
    const identity = (rows: typeof before) => rows.map(({ pid, release, state }) => ({ pid, release, state }));
    expect(identity(await rowsOf(platform, 'echo'))).toEqual(identity(before));
    expect((await callEcho(platform, echo)).version).toBe('version 1');
    await rm(filler);
  });

  it('is no hindrance any more as soon as there is room again', async () => {
    await echo.write({ version: 'version 2' });
    const { status, value } = await pandectJson<Change>(platform, 'deploy', 'echo', '--watch', '0');
    expect(status, JSON.stringify(value)).toBe(0);
    expect((await callEcho(platform, echo)).version).toBe('version 2');
  });
});

/** Writes a file until nothing more fits on the disk. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const size of [1024 ** 2, 1024]) {
      const block = Buffer.alloc(size);
      for (;;) {
        const { bytesWritten } = await file.write(block);
        if (bytesWritten < size) break;
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
