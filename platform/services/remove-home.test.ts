import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareHome } from './home.ts';
import { removeHome, removeWithHomes } from './remove-home.ts';
import { temporaryHome } from './temporary-home.ts';

/** Only root has homes that stand elsewhere. */
describe.runIf(process.getuid?.() === 0)('a folder that the user cannot enter', () => {
  const privateFolder = () => mkdtemp(join(tmpdir(), 'pandect-test-'));

  it('is removed with the homes that were made in it', async () => {
    const folder = await privateFolder();
    await mkdir(join(folder, 'deep'));
    const roots: string[] = [];
    for (const name of ['one', 'deep/two']) roots.push((await prepareHome(join(folder, name))).root);
    expect(roots.map((root) => existsSync(root))).toEqual([true, true]);
    for (const root of roots) expect(root.startsWith(folder)).toBe(false);
    await removeWithHomes(folder);
    expect([folder, ...roots].map((path) => existsSync(path))).toEqual([false, false, false]);
    await removeWithHomes(folder);
  });

  it('leaves what other links in it point to', async () => {
    const folder = await privateFolder();
    const elsewhere = await privateFolder();
    const { root } = await prepareHome(join(elsewhere, 'home'));
    await writeFile(join(elsewhere, 'kept'), 'kept');
    await symlink(elsewhere, join(folder, 'link'));
    await symlink(root, join(folder, 'home'));
    await removeWithHomes(folder);
    expect([folder, join(elsewhere, 'kept'), root].map((path) => existsSync(path))).toEqual([false, true, true]);
    await removeHome(join(elsewhere, 'home'));
    expect(existsSync(root)).toBe(false);
    await rm(elsewhere, { recursive: true });
  });

  it('of a test is removed with homes that were made next to its own', async () => {
    const { path, home, remove } = await temporaryHome({ hidden: true });
    const { root } = await prepareHome(`${path}-restored`);
    await remove();
    expect([home.root, root].map((place) => existsSync(place))).toEqual([false, false]);
  });
});
