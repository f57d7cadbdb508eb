import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testSite } from '../../testing/site.ts';
import type { ProcessGroups } from '../process/cgroup.ts';
import { createSiteBuilder } from './site-builder.ts';
import { openTestSites, type TestSites } from './sites.fixture.ts';

let test: TestSites;
beforeEach(async () => {
  test = await openTestSites();
});
afterEach(() => test.close());

describe('a deploy that fails', () => {
  const unchanged = async (expected: string) => {
    await test.start();
    const before = [await test.current(), await test.assets(), await test.releases()];
    const changed = async (change: () => Promise<void>) => {
      await change();
      const result = await test.deploy();
      expect(result.last).toMatchObject({ step: 'failed', message: expect.stringContaining(expected) });
      expect([await test.current(), await test.assets(), await test.releases()]).toEqual(before);
      return result;
    };
    return changed;
  };

  it('shows what the build printed, and the release before serves on', async () => {
    const deployAfter = await unchanged('Build site "web": "node web/build.mjs" ended with exit status 7');
    const { last } = await deployAfter(() => test.write({ text: 'two', fails: 7 }));
    expect(last.log).toBe('web/main.js:1: cannot be built');
  });

  it('names the file that is over its budget', async () => {
    const deployAfter = await unchanged('Build site "web": assets/later-');
    const { last } = await deployAfter(() => test.write({ text: 'two', laterBytes: 60_000 }));
    expect(last.message).toMatch(/assets\/later-[\w-]+\.js: 6\d\.\d KB gzip, over 40.0 KB$/);
  });

  it('refuses an asset whose name holds no hash', async () => {
    const deployAfter = await unchanged('"assets/logo.svg": its name must hold a hash of its content');
    await deployAfter(() => test.extendBuild("writeFileSync(out + '/assets/logo.svg', '<svg/>');"));
  });

  it('refuses links, which could lead to what the build may not read', async () => {
    const deployAfter = await unchanged('"key.txt": neither a file nor a folder');
    const plant = "(await import('node:fs')).symlinkSync('/etc/shadow', out + '/key.txt');";
    await deployAfter(() => test.extendBuild(plant));
  });

  it.skipIf(process.getuid?.() !== 0)(
    'has been run by a user who reads no key and writes into no checkout',
    async () => {
      const secret = join(test.home.keys, 'secret');
      await writeFile(secret, 'secret', { mode: 0o600 });
      const deployAfter = await unchanged('ended with exit status 9');
      const { last } = await deployAfter(async () => {
        const tries = [
          `readFileSync('${secret}')`,
          `writeFileSync('web/planted.js', '')`,
          `readFileSync('/proc/1/environ')`,
        ];
        const script = tries.map(
          (attempt) =>
            `try { ${attempt}; console.error('done: ${attempt.replaceAll("'", '')}') } catch (error) { console.error(error.code) }`,
        );
        await test.write({ text: 'two' });
        await writeFile(
          join(test.root, 'web/build.mjs'),
          `import { readFileSync, writeFileSync } from 'node:fs';\n${script.join('\n')}\nconsole.error(process.env.SECRET ?? 'no settings');process.exit(9);`,
        );
      });
      expect(last.log?.split('\n')).toEqual(['EACCES', 'EACCES', 'EACCES', 'no settings']);
    },
  );
});

describe('a build next to people who are served', () => {
  it('case 15: is held to the memory of a build and to one processor, with all that it starts', async () => {
    const entered: [string, object][] = [];
    const groups: ProcessGroups = {
      enter: async (name, _, limits) => void entered.push([name, limits]),
      ranOutOfMemory: async () => false,
      remove: async () => {},
    };
    await test.extendBuild(`
      const { execFileSync } = await import('node:child_process');
      writeFileSync(out + '/processors.txt', execFileSync('nproc'));`);
    const built = async (isServing: boolean) => {
      const release = await createSiteBuilder({ isServing: () => isServing, groups })(testSite(test.root), {
        ...{ root: test.root, releases: join(test.folder, `built-${isServing}`), work: join(test.folder, 'work') },
        ...{ node: process.execPath, user: undefined },
      });
      const [path = ''] = (await readdir(release.folder, { recursive: true })).filter((name) =>
        name.endsWith('rs.txt'),
      );
      return Number(await readFile(join(release.folder, path), 'utf8'));
    };
    expect(await built(true)).toBe(1);
    expect(await built(false), 'no one is served').toBe(availableParallelism());
    expect(entered).toEqual(
      Array.from({ length: 2 }, () => [expect.stringMatching(/^build-\d+$/), { memoryBytes: 1536 * 1024 ** 2 }]),
    );
  });
});

describe('a checkout that the user of builds cannot reach', () => {
  it.skipIf(process.getuid?.() !== 0)('is shown to the build alone', async () => {
    await chmod(test.folder, 0o700);
    await test.start();
    expect(await test.current(), test.printed.join('\n')).toBeDefined();
    expect(await readdir(join(test.home.cache, 'web-checkout'))).toEqual([]);
    expect(existsSync(join(test.root, 'web/build.mjs'))).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)('is named where it is closed itself', async () => {
    await chmod(test.root, 0o700);
    await test.start();
    expect(test.printed.join('\n')).toContain(`checkout "${test.root}": other users may not enter it; chmod o+rx`);
  });
});
