import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  copyFile,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { axis, describeVectorStore, dimensions } from '../conformance.ts';
import type { VectorStore } from '../contract.ts';
import { createSqliteVectorStore } from './sqlite-store.ts';

const temporary = () => mkdtemp(join(tmpdir(), 'pandect-vectors-'));

describeVectorStore('SQLite', async () => {
  const directory = await temporary();
  return {
    open: () => createSqliteVectorStore({ directory, dimensions }),
    dispose: () => rm(directory, { recursive: true }),
  };
});

describe('the files of the SQLite store', () => {
  let directory: string;
  let opened: VectorStore[];
  const organization = randomUUID();
  const record = (chunkId: string) => ({ chunkId, documentId: 'd', text: 'срок', vector: axis(0) });
  const open = (options: { dimensions?: number; openFiles?: number } = {}) => {
    const store = createSqliteVectorStore({ directory: join(directory, 'vectors'), dimensions, ...options });
    opened.push(store);
    return store;
  };
  const fileOf = (id: string) => join(directory, 'vectors', `${id}.sqlite`);
  const indexFiles = async () => (await readdir(join(directory, 'vectors'))).filter((name) => name.includes('.sqlite'));

  beforeEach(async () => {
    directory = await temporary();
    opened = [];
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    await rm(directory, { recursive: true });
  });

  it('are not made by reading', async () => {
    const store = open();
    await store.search(organization, { text: 'срок', vector: axis(0), limit: 5 });
    await store.count(organization);
    await store.removeDocument(organization, 'd');
    await store.removeOrganization(organization);
    expect(await readdir(directory)).toEqual([]);
    await store.check();
    await store.removeDocument(organization, 'd');
    expect(await indexFiles()).toEqual([]);
  });

  it('are one an organization, and go with it', async () => {
    const store = open();
    const other = randomUUID();
    await store.upsert(organization, [record('a')]);
    await store.upsert(other.toUpperCase(), [record('a')]);
    await store.removeOrganization(organization);
    await store.close();
    expect(await indexFiles()).toEqual([`${other}.sqlite`]);
  });

  it('are noticed when another store has replaced them', async () => {
    const store = open();
    await store.upsert(organization, [record('a')]);
    const builder = open();
    const elsewhere = randomUUID();
    await builder.upsert(elsewhere, [record('b'), record('c')]);
    await builder.close();
    await copyFile(fileOf(elsewhere), `${fileOf(organization)}.new`);
    await rename(`${fileOf(organization)}.new`, fileOf(organization));
    await rm(`${fileOf(organization)}-wal`, { force: true });
    await rm(`${fileOf(organization)}-shm`, { force: true });
    expect(await store.count(organization)).toBe(2);
    await store.upsert(organization, [record('d')]);
    expect(await open().count(organization)).toBe(3);
  });

  it('say how many chunks hold a stem as soon as this store or another one has written', async () => {
    const [store, other] = [open(), open()];
    const held = async () => {
      const { chunks, of } = (await store.frequencies(organization, ['срок', 'залог'])) ?? {};
      return [chunks, of?.get('срок') ?? 0, of?.get('залог') ?? 0, await store.count(organization)];
    };
    await store.upsert(organization, [record('a')]);
    expect(await held()).toEqual([1, 1, 0, 1]);
    await other.upsert(organization, [record('b'), { ...record('c'), text: 'залог' }]);
    expect(await held()).toEqual([3, 2, 1, 3]);
    await store.upsert(organization, [{ ...record('a'), text: 'залог' }]);
    expect(await held()).toEqual([3, 1, 2, 3]);
    await other.removeDocument(organization, 'd');
    expect(await held()).toEqual([0, 0, 0, 0]);
  });

  it('are refused when they hold vectors of another length', async () => {
    await open().upsert(organization, [record('a')]);
    const store = open({ dimensions: 16 });
    await expect(store.count(organization)).rejects.toThrow(
      `Open vector index "${fileOf(organization)}": it holds vectors of 8 dimensions, not 16; build it again`,
    );
  });

  it('are put aside when they are damaged, and made again', async () => {
    await mkdir(join(directory, 'vectors'));
    await writeFile(fileOf(organization), 'not a database, and long enough to be looked at'.repeat(100));
    const store = open();
    expect(await store.count(organization)).toBe(0);
    expect(await store.damaged()).toEqual([organization]);
    await expect(store.check()).rejects.toThrow(`Check vector index of "${organization}"`);
    await store.upsert(organization, [record('a')]);
    expect(await store.count(organization)).toBe(1);
    await store.forgetDamaged(organization);
    expect(await indexFiles()).not.toContain(`${organization}.sqlite.damaged`);
    await store.check();
  });

  it('are found damaged by the check though nothing else has met them', async () => {
    await open().upsert(organization, [record('a')]);
    await opened.pop()?.close();
    await writeFile(fileOf(organization), 'x'.repeat(100_000));
    await expect(open().check()).rejects.toThrow(organization);
  });

  it('go with their organization when they were put aside', async () => {
    await mkdir(join(directory, 'vectors'));
    await writeFile(fileOf(organization), 'x'.repeat(100_000));
    const store = open();
    await store.count(organization);
    await store.removeOrganization(organization);
    expect(await indexFiles()).toEqual([]);
  });

  it('heal when file and logs are overwritten under open connections, also of another process', {
    timeout: 120_000,
  }, async () => {
    const store = open();
    const others = randomUUID();
    const records = Array.from({ length: 200 }, (_, n) => record(`chunk-${n}`));
    for (const each of [organization, others]) await store.upsert(each, records);
    // It has read the file, holds it open, and reads again when it is told to.
    const script = `
      const { createSqliteVectorStore } = await import(${JSON.stringify(new URL('./sqlite-store.ts', import.meta.url).href)});
      const store = createSqliteVectorStore({ directory: ${JSON.stringify(join(directory, 'vectors'))}, dimensions: ${dimensions} });
      const query = { text: 'срок', vector: new Float32Array(${dimensions}).fill(1), limit: 5 };
      const search = async () => (await store.search('${organization}', query)).length;
      console.log(await search());
      process.stdin.once('data', async () => { console.log(await search()); process.exit(0); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('5');
    for (const part of ['', '-wal', '-shm']) {
      const path = fileOf(organization) + part;
      const { size } = await stat(path);
      const file = await openFile(path, 'r+');
      await file.write(Buffer.alloc(size, 'garbage'), 0, size, 0);
      await file.close();
    }
    child.stdin.write('again\n');
    expect((await lines.next()).value).toBe('0');
    const query = { text: 'срок', vector: axis(0), limit: 5 };
    expect(await store.search(organization, query)).toEqual([]);
    await store.upsert(organization, records);
    expect(await store.search(organization, query)).toHaveLength(5);
    expect(await store.damaged()).toEqual([organization]);
    expect(await store.search(others, query)).toHaveLength(5);
  });

  it('are finished when a process died before it had written the first of them', async () => {
    await mkdir(join(directory, 'vectors'));
    await writeFile(fileOf(organization), '');
    const store = open();
    expect(await store.count(organization)).toBe(0);
    await store.upsert(organization, [record('a')]);
    expect(await store.count(organization)).toBe(1);
  });

  it('make the check fail when their folder cannot be', async () => {
    await writeFile(join(directory, 'vectors'), '');
    await expect(open().check()).rejects.toThrow('vectors');
  });

  it.skipIf(process.platform !== 'linux')('are kept open up to a bound and freed on close', async () => {
    const heldOpen = async () => {
      const links = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      return new Set(links.filter((link) => link.startsWith(directory) && link.endsWith('.sqlite'))).size;
    };
    const store = open({ openFiles: 3 });
    const organizations = Array.from({ length: 10 }, () => randomUUID());
    for (const each of organizations) await store.upsert(each, [record('a')]);
    for (const each of organizations) expect(await store.count(each)).toBe(1);
    expect(await heldOpen()).toBe(3);
    await store.close();
    expect(await heldOpen()).toBe(0);
  });

  it('are written and removed by several processes at once without a lost or damaged record', {
    timeout: 60_000,
  }, async () => {
    const program = `
      import { createSqliteVectorStore } from ${JSON.stringify(new URL('sqlite-store.ts', import.meta.url).href)};
      const [directory, organization, doomed, prefix] = process.argv.slice(1);
      const store = createSqliteVectorStore({ directory, dimensions: ${dimensions} });
      const vector = new Float32Array(${dimensions}).fill(1);
      for (let index = 0; index < 60; index++) {
        const record = { chunkId: prefix + index, documentId: prefix, text: 'срок ' + index, vector };
        await store.upsert(organization, [record]);
        await store.upsert(doomed, [record]);
        await store.search(doomed, { text: 'срок', vector, limit: 5 });
        if (index % 5 === 0) await store.removeOrganization(doomed);
      }
      await store.removeOrganization(doomed);
      await store.close();`;
    const doomed = randomUUID();
    const run = (prefix: string) =>
      promisify(execFile)(
        process.execPath,
        ['--input-type=module', '-e', program, join(directory, 'vectors'), organization, doomed, prefix],
        { timeout: 50_000 },
      );
    await Promise.all(['x', 'y', 'z'].map(run));
    const store = open();
    expect(await store.count(organization)).toBe(180);
    expect(await store.search(organization, { text: 'срок', vector: axis(0), limit: 500 })).toHaveLength(180);
    await store.removeOrganization(doomed);
    await store.upsert(doomed, [record('a')]);
    expect(await store.count(doomed)).toBe(1);
  });
});
