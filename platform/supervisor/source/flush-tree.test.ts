import { existsSync } from 'node:fs';
import fs, { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { flushTree } from './flush-tree.ts';
import { receiveSource } from './receive-source.ts';
import { archiveOf, filesWith, testSources } from './source.fixture.ts';

let test: Awaited<ReturnType<typeof testSources>>;
const path = process.env.PATH;
beforeEach(async () => {
  test = await testSources();
  await mkdir(join(test.place, 'bin'));
});
afterEach(async () => {
  process.env.PATH = path;
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  await test.remove();
});

/** Puts a script in the place of `sync`. */
async function replaceSync(script: string): Promise<void> {
  const program = join(test.place, 'bin', 'sync');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  process.env.PATH = `${join(test.place, 'bin')}:${path}`;
}

it('is done for all of a source before the source gets its name', async () => {
  const sources = join(test.place, 'sources');
  const log = join(test.place, 'log');
  await replaceSync(`ls -A "${sources}" > "${log}"; find "$2" -type f >> "${log}"`);
  const archive = [await archiveOf(filesWith())].values();
  const places = { sources, current: test.checkout, checkout: test.checkout };
  const { folder } = await receiveSource({ next: async () => archive.next() } as AsyncIterator<Uint8Array>, places);
  const [draft = '', ...flushed] = (await readFile(log, 'utf8')).trim().split('\n');
  expect(draft).toMatch(/^\.draft-/);
  expect(existsSync(folder)).toBe(true);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.map((file) => basename(file))).toContain('.source.json');
  expect(flushed.toSorted()).toEqual(files.map((file) => file.replace(folder, join(sources, draft))).toSorted());
});

it('takes files and folders one by one where no program can do it', async () => {
  await replaceSync('exit 1');
  const flushed: string[] = [];
  const { open } = fs;
  vi.spyOn(fs, 'open').mockImplementation(async (name, ...rest) => {
    const file = await open(name, ...rest);
    const sync = file.sync.bind(file);
    file.sync = async () => {
      await sync();
      flushed.push(String(name));
    };
    return file;
  });
  syncBuiltinESMExports();
  await flushTree(test.checkout);
  const all = await readdir(test.checkout, { recursive: true });
  expect(flushed.toSorted()).toEqual([test.checkout, ...all.map((name) => join(test.checkout, name))].toSorted());
});
