import { chmod, lstat, mkdir, mkdtemp, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareHome } from './home.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

const isRoot = process.getuid?.() === 0;
const sharedMode = isRoot ? 0o750 : 0o700;
const mode = async (path: string) => (await stat(path)).mode & 0o777;

describe('prepareHome', () => {
  let folder: string;
  const homes: TemporaryHome[] = [];
  const make = async (options?: Parameters<typeof temporaryHome>[0]) => {
    const made = await temporaryHome(options);
    homes.push(made);
    return made;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    await chmod(folder, 0o755);
  });
  afterEach(async () => {
    for (const home of homes.splice(0)) await home.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes folders that the processes write themselves, private to whom they run as', async () => {
    const { home } = await make();
    const own = process.getuid?.();
    const owners = { postgres: home.user?.uid, redis: home.ids?.redis, caddy: home.ids?.edge };
    for (const [name, uid = own] of Object.entries(owners)) {
      const place = home[name as keyof typeof owners];
      expect([name, await mode(place), (await stat(place)).uid]).toEqual([name, 0o700, uid]);
    }
    for (const name of ['files', 'vectors', 'calls'] as const) {
      const { uid, gid, mode: bits } = await stat(home[name]);
      expect([uid, bits & 0o7777]).toEqual([own, isRoot ? 0o2770 : 0o700]);
      expect(gid).toBe(home.ids?.[name] ?? process.getgid?.());
    }
  });

  it('makes folders that the supervisor alone writes, and no one else but the processes may read', async () => {
    const { home, path } = await make();
    expect(home.root).toBe(path);
    for (const place of [home.root, home.run, home.releases, home.keys, home.cache, home.sockets]) {
      const isListed = [home.root, home.run, home.releases].includes(place);
      expect(await mode(place)).toBe(isListed || !isRoot ? sharedMode : 0o711);
      expect((await stat(place)).uid).toBe(process.getuid?.());
    }
    expect(await mode(home.logs)).toBe(0o700);
    expect((await stat(home.logs)).uid).toBe(process.getuid?.());
  });

  it('refuses a link in the place of a folder', async () => {
    const { home, path } = await make();
    await rm(home.files, { recursive: true });
    await symlink(folder, home.files);
    await expect(prepareHome(path)).rejects.toThrow('it is a link');
  });

  it('leaves what is in an existing home as it is', async () => {
    const { home, path } = await make();
    await writeFile(join(home.files, 'kept'), 'kept');
    await writeFile(join(home.root, 'journal.json'), '{}');
    expect(await prepareHome(path)).toEqual(home);
    expect(await readdir(home.files)).toEqual(['kept']);
  });

  it.runIf(isRoot)('stands elsewhere, with a link to it, where the user cannot reach the wanted path', async () => {
    const { home, path } = await make({ hidden: true, below: 'some/home' });
    expect(home.root).toMatch(/^\/var\/lib\/pandect\/[0-9a-f]{12}$/);
    expect(await readlink(path)).toBe(home.root);
    expect(await prepareHome(path)).toEqual(home);
    await rm(home.root, { recursive: true });
    expect(await prepareHome(path), 'a link that points nowhere any more').toEqual(home);
  });

  it.runIf(isRoot)('refuses an existing folder that the user cannot reach and says what to do', async () => {
    await chmod(folder, 0o700);
    const home = join(folder, 'home');
    await mkdir(home);
    await expect(prepareHome(home)).rejects.toThrow(/cannot reach it: move it away.*PANDECT_HOME/);
    expect(await readdir(home)).toEqual([]);
  });

  it('refuses a folder that holds other things and leaves it untouched', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(prepareHome(folder)).rejects.toThrow('holds other things ("thesis.txt")');
    expect(await mode(folder)).toBe(0o755);
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  it('takes a folder that holds only folders of a home, as mounted volumes are', async () => {
    const { home, path } = await make();
    for (const place of ['keys', 'releases', 'logs', 'files']) await rm(join(home.root, place), { recursive: true });
    expect(await prepareHome(path)).toEqual(home);
    expect(await mode(home.keys)).toBe(isRoot ? 0o711 : 0o700);
  });

  it('refuses a file', async () => {
    const path = join(folder, 'home');
    await writeFile(path, '');
    await expect(prepareHome(path)).rejects.toThrow('is not a folder');
  });

  it('keeps the folder for sockets short when the path is long', async () => {
    const { home } = await make({ below: `${'deep/'.repeat(20)}home` });
    expect(Buffer.byteLength(home.run)).toBeLessThanOrEqual(80);
    expect(home.run.startsWith(home.root)).toBe(false);
    expect(await mode(home.run)).toBe(sharedMode);
  });

  it('counts the bytes of the path, not its letters', async () => {
    const { home } = await make({ below: 'д'.repeat(30) });
    expect(Buffer.byteLength(home.run)).toBeLessThanOrEqual(80);
  });

  it('refuses a folder for sockets that somebody else put there', async () => {
    const { home, path } = await make({ below: `${'deep/'.repeat(20)}home` });
    await rm(home.run, { recursive: true });
    await symlink(folder, home.run);
    await expect(prepareHome(path)).rejects.toThrow('belongs to another user');
    expect((await lstat(folder)).mode & 0o777).toBe(0o755);
  });
});
