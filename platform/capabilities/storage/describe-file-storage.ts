import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileMissing, type FileStorage, FileTooLarge, RangeOutside } from './contract.ts';
import { newStorageKey } from './storage-key.ts';

export interface StorageUnderTest {
  storage: FileStorage;
  /** Everything the storage holds, unfinished uploads included: an upload that failed must leave nothing. */
  countObjects(): Promise<number>;
  close(): Promise<void>;
}

const MiB = 1024 * 1024;
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

function* pieces(count: number, size: number) {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(size, index);
}

/** Passes pieces on and, every 8 MiB, looks how many bytes of buffers are held on to, garbage left out. */
function createMemoryWatch() {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const held = () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  let peak = 0;
  async function* watch(source: Iterable<Buffer> | AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const piece of source) {
      if (Math.floor((bytes + piece.length) / (8 * MiB)) > Math.floor(bytes / (8 * MiB))) {
        peak = Math.max(peak, held() - before);
      }
      bytes += piece.length;
      yield piece;
    }
  }
  return Object.assign(watch, { peak: () => peak });
}

/**
 * What every file storage must do, whatever it is made of.
 * @param lacks names of tests that a server by others is known to fail
 */
export function describeFileStorage(
  name: string,
  create: () => Promise<StorageUnderTest>,
  lacks: readonly string[] = [],
): void {
  describe(`file storage: ${name}`, () => {
    let under: StorageUnderTest;
    let storage: FileStorage;
    beforeEach(async ({ task, skip }) => {
      skip(lacks.includes(task.name), 'the server is known to fail it');
      under = await create();
      storage = under.storage;
    });
    afterEach(() => under?.close());

    const write = (key: string, content: string, maxBytes = MiB) =>
      storage.write(key, Readable.from([Buffer.from(content)]), { maxBytes });
    const readBack = async (key: string) => (await buffer((await storage.read(key)).stream)).toString();
    const keys = async () => {
      const found: string[] = [];
      for await (const { key } of storage.list()) found.push(key);
      return found.sort();
    };

    it('gives back what was written, with its size and hash', async () => {
      const key = newStorageKey();
      expect(await write(key, 'Договор')).toEqual({ bytes: 14, sha256: sha256('Договор') });
      const { stream, bytes } = await storage.read(key);
      expect(bytes).toBe(14);
      expect((await buffer(stream)).toString()).toBe('Договор');
    });

    it.each([
      [{ start: 0 }, '0123456789'],
      [{ start: 0, end: 0 }, '0'],
      [{ start: 3, end: 5 }, '345'],
      [{ start: 9 }, '9'],
      [{ start: 7, end: 1_000 }, '789'],
    ])('gives the bytes %j of a file', async (range, expected) => {
      const key = newStorageKey();
      await write(key, '0123456789');
      const { stream, bytes, size } = await storage.read(key, range);
      expect((await buffer(stream)).toString()).toBe(expected);
      expect({ bytes, size }).toEqual({ bytes: expected.length, size: 10 });
    });

    it('says how long a file is that ends before the range', async () => {
      const [key, empty] = [newStorageKey(), newStorageKey()];
      await write(key, '0123456789');
      await write(empty, '');
      await expect(storage.read(key, { start: 10 })).rejects.toMatchObject({ name: 'RangeOutside', size: 10 });
      await expect(storage.read(empty, { start: 0 })).rejects.toThrow(RangeOutside);
      await expect(storage.read(newStorageKey(), { start: 0 })).rejects.toThrow(FileMissing);
      expect(await storage.has(empty)).toBe(true);
    });

    it('keeps an empty file', async () => {
      const key = newStorageKey();
      expect(await storage.write(key, Readable.from([]), { maxBytes: 1 })).toEqual({ bytes: 0, sha256: sha256('') });
      expect(await readBack(key)).toBe('');
    });

    it('accepts exactly the limit and refuses one byte more without a trace', async () => {
      await write(newStorageKey(), '12345', 5);
      await expect(write(newStorageKey(), '123456', 5)).rejects.toThrow(FileTooLarge);
      expect(await under.countObjects()).toBe(1);
    });

    it('stops reading an endless upload at the limit', async () => {
      let given = 0;
      const endless = new Readable({
        read() {
          given += 64 * 1024;
          this.push(Buffer.alloc(64 * 1024));
        },
      });
      await expect(storage.write(newStorageKey(), endless, { maxBytes: MiB })).rejects.toThrow(FileTooLarge);
      expect(given).toBeLessThan(4 * MiB);
      expect(endless.destroyed).toBe(true);
    });

    it('leaves nothing of an upload whose client went away', async () => {
      const content = new PassThrough();
      const writing = storage.write(newStorageKey(), content, { maxBytes: MiB });
      content.write('half of it');
      content.destroy(new Error('connection reset'));
      await expect(writing).rejects.toThrow('connection reset');
      expect(await under.countObjects()).toBe(0);
    });

    it('leaves nothing of an upload that was cancelled', async () => {
      const content = new PassThrough();
      const cancel = new AbortController();
      const writing = storage.write(newStorageKey(), content, { maxBytes: MiB, signal: cancel.signal });
      content.write('half of it');
      cancel.abort();
      await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
      expect(await under.countObjects()).toBe(0);
    });

    it('keeps the earlier file when replacing it fails, and replaces it whole when not', async () => {
      const key = newStorageKey();
      await write(key, 'first');
      await expect(write(key, 'second, too long', 5)).rejects.toThrow(FileTooLarge);
      expect(await readBack(key)).toBe('first');
      await write(key, 'second');
      expect(await readBack(key)).toBe('second');
    });

    it('opens a file as a path for another process', async () => {
      const key = newStorageKey();
      await write(key, 'text');
      const opened = await storage.open(key);
      expect(await readFile(opened.path, 'utf8')).toBe('text');
      await opened.release();
      expect(await readBack(key)).toBe('text');
    });

    it('names a missing file as missing', async () => {
      await expect(storage.read(newStorageKey())).rejects.toThrow(FileMissing);
      await expect(storage.open(newStorageKey())).rejects.toThrow(FileMissing);
    });

    it('removes a file, and what is not there as well', async () => {
      const key = newStorageKey();
      await write(key, 'text');
      expect(await storage.has(key)).toBe(true);
      await storage.remove(key);
      await storage.remove(key);
      expect(await storage.has(key)).toBe(false);
      await expect(storage.read(key)).rejects.toThrow(FileMissing);
      expect(await under.countObjects()).toBe(0);
    });

    it('lists every key with the time of its last change', async () => {
      expect(await keys()).toEqual([]);
      const written = [newStorageKey(), newStorageKey(), newStorageKey()];
      const before = Date.now();
      for (const key of written) await write(key, key);
      expect(await keys()).toEqual(written.toSorted());
      for await (const { key, changedAt, bytes } of storage.list()) {
        expect(bytes).toBe(key.length);
        expect(Math.abs(changedAt.getTime() - before)).toBeLessThan(60_000);
      }
    });

    it.each([
      '../etc/passwd',
      '/etc/passwd',
      'ab/../../cd',
      `ab/${randomUUID()}/x`,
      `ab/${randomUUID()}\0`,
      `ab/${randomUUID()}\n`,
      `AB/${randomUUID()}`,
      randomUUID(),
      '',
    ])('refuses the key %j everywhere', async (key) => {
      await expect(write(key, 'x')).rejects.toThrow('Use storage key');
      await expect(storage.read(key)).rejects.toThrow('Use storage key');
      await expect(storage.open(key)).rejects.toThrow('Use storage key');
      await expect(storage.remove(key)).rejects.toThrow('Use storage key');
      await expect(storage.has(key)).rejects.toThrow('Use storage key');
      await expect(async () =>
        storage.presign(key, { disposition: 'inline', mediaType: 'text/plain' }),
      ).rejects.toThrow('Use storage key');
      expect(await under.countObjects()).toBe(0);
    });

    it('streams 100 MiB in and out with flat memory', async () => {
      const key = newStorageKey();
      const watch = createMemoryWatch();
      const content = Readable.from(watch(pieces(1600, 64 * 1024)), { objectMode: false });
      expect((await storage.write(key, content, { maxBytes: 100 * MiB })).bytes).toBe(100 * MiB);
      const { stream } = await storage.read(key);
      let bytes = 0;
      for await (const piece of watch(stream)) bytes += piece.length;
      expect(bytes).toBe(100 * MiB);
      expect(watch.peak()).toBeLessThan(32 * MiB);
    });

    it('reports that it works', async () => {
      await storage.check();
      expect(await keys()).toEqual([]);
    });
  });
}
