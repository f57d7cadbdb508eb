import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFor } from './node-binary.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

const isRoot = process.getuid?.() === 0;

describe('nodeFor', () => {
  let made: TemporaryHome;
  let hidden: string;
  beforeEach(async () => {
    made = await temporaryHome();
    hidden = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  });
  afterEach(async () => {
    await made.remove();
    await rm(hidden, { recursive: true, force: true });
  });

  it('is the running Node without a service user', async () => {
    expect(await nodeFor({ root: made.home.root })).toBe(process.execPath);
  });

  it.runIf(isRoot)(
    'is one in the home that the service user can run, where it cannot reach the running one',
    async () => {
      const original = join(hidden, 'node');
      await copyFile(process.execPath, original);
      const path = await nodeFor(made.home, original);
      expect(path).toBe(join(made.home.root, 'bin', 'node'));
      const { stdout } = await promisify(execFile)(path, ['--version'], { ...made.home.user, encoding: 'utf8' });
      expect(stdout.trim()).toBe(process.version);
      const before = await stat(path);
      expect(await nodeFor(made.home, original)).toBe(path);
      expect((await stat(path)).ctimeMs, 'nothing to do the second time').toBe(before.ctimeMs);
    },
  );

  it.runIf(isRoot)('is replaced when the running one is another version', async () => {
    const original = join(hidden, 'node');
    const install = async (version: string) => {
      await rm(original, { force: true });
      await writeFile(original, `#!/bin/sh\necho ${version}\n`);
      await chmod(original, 0o755);
    };
    await install('v1');
    await nodeFor(made.home, original);
    await install('v1.1');
    const { stdout } = await promisify(execFile)(await nodeFor(made.home, original), made.home.user);
    expect(stdout).toBe('v1.1\n');
  });
});
