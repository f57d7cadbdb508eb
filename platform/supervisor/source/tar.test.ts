import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readTar, type TarFile, writeTar } from './tar.ts';

const limits = { fileBytes: 1000, unpackedBytes: 3000, files: 5 };
const long = `${'folder/'.repeat(20)}${'n'.repeat(90)}.ts`;
const file = (path: string, text = 'text'): TarFile => ({ path, contents: Buffer.from(text) });

const bytesOf = async (...files: TarFile[]) => Buffer.concat(await Array.fromAsync(writeTar(files)));
/** In pieces that respect no border of the format. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}
const read = (bytes: Buffer) => Array.fromAsync(readTar(pieces(bytes), limits));

it('reads what it has written: empty files, long paths and letters of any script', async () => {
  const files = [file('a.ts', ''), file(long, 'x'.repeat(512)), file('мир.ts', 'ж'.repeat(300))];
  expect(await read(await bytesOf(...files))).toEqual(files);
});

it('is what tar reads and writes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-tar-'));
  const tar = (...args: string[]) => promisify(execFile)('tar', ['-C', folder, ...args]);
  try {
    await writeFile(join(folder, 'ours.tar'), await bytesOf(file('one.txt', 'first'), file('two.txt', 'second')));
    await tar('-xf', join(folder, 'ours.tar'));
    expect(await readFile(join(folder, 'two.txt'), 'utf8')).toBe('second');
    await tar('--format=ustar', '-cf', join(folder, 'theirs.tar'), 'one.txt', 'two.txt');
    expect(await read(await readFile(join(folder, 'theirs.tar')))).toEqual([
      file('one.txt', 'first'),
      file('two.txt', 'second'),
    ]);
    await tar('--format=ustar', '-cf', join(tmpdir(), `${basename(folder)}.tar`), '.');
    await expect(read(await readFile(join(tmpdir(), `${basename(folder)}.tar`)))).rejects.toThrow(
      'it is no regular file',
    );
  } finally {
    await rm(folder, { recursive: true });
    await rm(join(tmpdir(), `${basename(folder)}.tar`), { force: true });
  }
});

it('refuses a path that the format cannot hold', async () => {
  await expect(bytesOf(file('n'.repeat(101)))).rejects.toThrow('its path is too long');
});

it('holds to its limits', async () => {
  await expect(read(await bytesOf(file('a', 'x'.repeat(1001))))).rejects.toThrow('"a": 1001 bytes, at most 1000');
  const four = ['a', 'b', 'c', 'd'].map((path) => file(path, 'x'.repeat(900)));
  await expect(read(await bytesOf(...four))).rejects.toThrow('more than 3000 bytes');
  await expect(read(await bytesOf(...'abcdef'.split('').map((path) => file(path))))).rejects.toThrow(
    'more than 5 files',
  );
});

it('refuses what is cut off, damaged or something else', async () => {
  const bytes = await bytesOf(file('a.ts', 'x'.repeat(700)));
  await expect(read(bytes.subarray(0, 900))).rejects.toThrow('it ends before it is complete');
  const damaged = Buffer.from(bytes);
  damaged[1] = 0x78;
  await expect(read(damaged)).rejects.toThrow('it is damaged or no tar archive');
  await expect(read(Buffer.alloc(2000, 'words '))).rejects.toThrow('it is damaged or no tar archive');
});
