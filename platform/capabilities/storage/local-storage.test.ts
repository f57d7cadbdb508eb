import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeFileStorage } from './describe-file-storage.ts';
import { createLocalStorage } from './local-storage.ts';
import { newStorageKey } from './storage-key.ts';
import { countFiles, createTemporaryFolder } from './temporary-folder.fixture.ts';

const temporary = async () => (await createTemporaryFolder()).directory;

describeFileStorage('local directory', async () => {
  const directory = await temporary();
  return {
    storage: createLocalStorage({ directory }),
    countObjects: () => countFiles(directory),
    close: () => rm(directory, { recursive: true }),
  };
});

/** Until the test is over. */
function setUmask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

describe('a local directory', () => {
  it('is made when the first file comes, which only its owner may read', async () => {
    const parent = await temporary();
    const directory = join(parent, 'files');
    const key = newStorageKey();
    setUmask(0o077);
    await createLocalStorage({ directory }).write(key, Readable.from([Buffer.from('x')]), { maxBytes: 1 });
    expect((await stat(join(directory, key))).mode & 0o777).toBe(0o600);
    await rm(parent, { recursive: true });
  });

  it('lets the group read and remove files where processes share it', async () => {
    const parent = await temporary();
    const key = newStorageKey();
    setUmask(0o007);
    await createLocalStorage({ directory: parent }).write(key, Readable.from([Buffer.from('x')]), { maxBytes: 1 });
    expect((await stat(join(parent, key))).mode & 0o777).toBe(0o660);
    expect((await stat(dirname(join(parent, key)))).mode & 0o777).toBe(0o770);
    await rm(parent, { recursive: true });
  });

  it('drops parts that a killed process left a day ago, keeps younger ones, and lists neither', async () => {
    const directory = await temporary();
    const old = join(directory, 'ab', `ab-${randomUUID()}.part`);
    const young = join(directory, 'ab', `ab-${randomUUID()}.part`);
    await mkdir(join(directory, 'ab'));
    await writeFile(old, '');
    await writeFile(young, '');
    await utimes(old, new Date(0), new Date(0));
    for await (const { key } of createLocalStorage({ directory }).list()) expect.unreachable(key);
    expect(await readdir(join(directory, 'ab'))).toEqual([young.slice(young.lastIndexOf('/') + 1)]);
    await rm(directory, { recursive: true });
  });

  it('says so when it cannot be written', async () => {
    const parent = await temporary();
    const directory = join(parent, 'files');
    await writeFile(directory, 'a file where the folder should be');
    await expect(createLocalStorage({ directory }).check()).rejects.toThrow('EEXIST');
    await rm(parent, { recursive: true });
  });
});
