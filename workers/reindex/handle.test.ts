import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  abortBuild,
  beginBuild,
  holdLiveGeneration,
  type IndexSettings,
  rollBack,
} from '../../modules/legal/index/index.ts';
import { indexSettings } from '../../modules/legal/index/provide-index-settings.ts';
import { bundledReading } from '../../modules/legal/reading/fixtures/bundled-reading.ts';
import { readyDocument, storedDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const provide = { ...module.provide, textCutter: bundledReading.textCutter };
const worker = await testWorker(database, { name: 'reindex', manifest, module: { ...module, provide } });
afterAll(async () => {
  await worker.close();
  await database.close();
});
const { folder } = worker;
const { indexes, indexStores } = worker.deps;
const settings = await worker.boot.use(indexSettings);
const other: IndexSettings = { ...settings, dimensions: 64 };

let organizations: string[];
beforeEach(async () => {
  await database.owner`delete from documents`;
  await database.owner`delete from index_generations where generation > 1`;
  await database.owner`update index_generations set state = 'live'`;
  await database.owner`delete from pgboss.job where name = 'reindex'`;
  await rm(join(folder, 'vectors'), { recursive: true, force: true });
  organizations = [];
  for (let count = 0; count < 2; count++) organizations.push((await testOrganization(database)).id);
});

const text = (subject: string) =>
  Array.from(
    { length: 12 },
    (_, n) => `Статья ${n + 1}. ${subject} ${n}\n\n${`${subject} под номером ${n}. `.repeat(15)}\n`,
  ).join('\n');
const add = (organizationId: string, subject: string) =>
  readyDocument({ database, folder, organizationId }, { content: text(subject), fileName: `${subject}.txt` });
const change = <T>(work: Parameters<typeof database.platform.transaction<T>>[0]) => database.platform.transaction(work);
const begin = (wanted = other) => change((tx) => beginBuild(tx, wanted));
const states = async () =>
  (await database.owner`select generation, state from index_generations order by generation`).map(
    ({ generation, state }) => `${generation} ${state}`,
  );

/** Works on all jobs of the queue, as its workers would, until there are none. */
async function work(): Promise<void> {
  await worker.deliver(null);
  for (;;) {
    const [job] = await database.owner<{ id: string; data: unknown }[]>`
      update pgboss.job set state = 'active' where id = (
        select id from pgboss.job where name = 'reindex' and state = 'created' order by created_on limit 1)
      returning id, data`;
    if (!job) return;
    await worker.deliver(job.data);
    await database.owner`update pgboss.job set state = 'completed' where name = 'reindex' and id = ${job.id}`;
  }
}
const generation = async (number: number) => {
  const found = (
    await database.owner`select generation, state, chunker, embedding_model as "embeddingModel", dimensions, store from index_generations where generation = ${number}`
  )[0];
  return found as unknown as Parameters<typeof indexes.of>[0];
};
/** Chunks by what the database says, and records by what the store says. */
async function held(number: number) {
  const store = await indexStores.of(await generation(number));
  const [row] = await database.owner`select count(*)::int as n from chunks where generation = ${number}`;
  let records = 0;
  for (const id of organizations) records += await store.count(id);
  return { chunks: row?.n, records };
}

describe('a build', () => {
  it('takes every ready document of every organization from the database, is verified and goes live', async () => {
    for (const id of organizations) for (const subject of ['Аренда', 'Поставка']) await add(id, subject);
    const before = await held(1);
    await begin();
    expect(await states()).toEqual(['1 live', '2 building']);
    await work();
    expect(await states()).toEqual(['1 kept', '2 live']);
    const after = await held(2);
    expect(after).toEqual(before);
    expect(after.chunks).toBe(after.records);
    expect(await held(1)).toEqual(before);
  });

  it('leaves out what is not ready, and takes in what becomes ready before the switch', async () => {
    const [first = ''] = organizations;
    await add(first, 'Аренда');
    await storedDocument({ database, folder, organizationId: first }, { content: 'Not read yet' });
    await begin();
    await worker.deliver({ kind: 'organization', generation: 2, organizationId: first });
    await add(first, 'Поставка');
    await work();
    expect(await states()).toEqual(['1 kept', '2 live']);
    expect(await held(2)).toEqual(await held(1));
  });

  it('leaves nothing of a document that is deleted in the meantime', async () => {
    const [first = ''] = organizations;
    const documentId = await add(first, 'Аренда');
    await add(first, 'Поставка');
    await begin();
    await worker.deliver({ kind: 'organization', generation: 2, organizationId: first });
    await database.owner`delete from documents where id = ${documentId}`;
    await indexes.generations.refresh();
    for (const one of await indexes.generations.list())
      await (await indexStores.of(one)).removeDocument(first, documentId);
    await work();
    const { chunks, records } = await held(2);
    expect(records).toBe(chunks);
    expect(await states()).toEqual(['1 kept', '2 live']);
  });

  it('continues after what an earlier attempt has done', async () => {
    const [first = ''] = organizations;
    await add(first, 'Аренда');
    await begin();
    const signal = AbortSignal.abort(new Error('Stop: draining'));
    await expect(
      worker.deliver({ kind: 'organization', generation: 2, organizationId: first }, { signal }),
    ).rejects.toThrow('draining');
    await work();
    expect(await states()).toEqual(['1 kept', '2 live']);
    expect(await held(2)).toEqual(await held(1));
  });

  it('keeps no one waiting while it cuts what became ready at its end', async () => {
    const [first = ''] = organizations;
    await add(first, 'Аренда');
    await begin();
    const free: boolean[] = [];
    const cut: typeof worker.deps.textCutter.cut = async (...text) => {
      // Becoming ready takes this lock.
      const held = database.platform.transaction(holdLiveGeneration);
      free.push(await Promise.race([held.then(() => true), sleep(3_000, false)]));
      return worker.deps.textCutter.cut(...text);
    };
    await worker.deliver(null, { deps: { textCutter: { ...worker.deps.textCutter, cut } } });
    expect(free).toEqual([true]);
    expect(await states()).toEqual(['1 kept', '2 live']);
    expect(await held(2)).toEqual(await held(1));
  });

  it('is not switched to when its store has lost records; they are added again, and then it is', async () => {
    for (const id of organizations) await add(id, 'Аренда');
    const { generation: number } = await begin();
    for (const organizationId of organizations) {
      await worker.deliver({ kind: 'organization', generation: number, organizationId });
    }
    await database.owner`delete from pgboss.job where name = 'reindex'`;
    await (await indexStores.of(await generation(2))).removeOrganization(organizations[0] ?? '');
    await worker.deliver(null);
    expect(await states()).toEqual(['1 live', '2 building']);
    await work();
    expect(await states()).toEqual(['1 kept', '2 live']);
    expect(await held(2)).toEqual(await held(1));
  });

  it('whose embedding model is unavailable fails before it adds anything', async () => {
    const [first = ''] = organizations;
    await add(first, 'Аренда');
    await begin({ ...settings, embeddingModel: 'text-embedding-3-large' });
    await expect(worker.deliver({ kind: 'organization', generation: 2, organizationId: first })).rejects.toThrow(
      '"text-embedding-3-large" is unavailable',
    );
    expect(await held(2)).toEqual({ chunks: 0, records: 0 });
  });

  it('that is given up is cleared away, and the live index is not touched', async () => {
    for (const id of organizations) await add(id, 'Аренда');
    const before = await held(1);
    await begin();
    await worker.deliver({ kind: 'organization', generation: 2, organizationId: organizations[0] });
    expect((await held(2)).records).toBeGreaterThan(0);
    await change(abortBuild);
    await work();
    expect(await states()).toEqual(['1 live', '2 removed']);
    expect(await held(2)).toEqual({ chunks: 0, records: 0 });
    expect(await held(1)).toEqual(before);
  });

  it('of the one after next clears the first', async () => {
    await add(organizations[0] ?? '', 'Аренда');
    const before = await held(1);
    await begin();
    await work();
    await begin(settings);
    await work();
    expect(await states()).toEqual(['1 removed', '2 kept', '3 live']);
    expect(await held(1)).toEqual({ chunks: 0, records: 0 });
    expect(await held(3)).toEqual(before);
  });
});

describe('the live index', () => {
  it('gets what it lacks after a rollback', async () => {
    const [first = ''] = organizations;
    await add(first, 'Аренда');
    await begin();
    await work();
    await indexes.generations.refresh();
    await add(first, 'Поставка');
    await change(rollBack);
    await work();
    expect(await states()).toEqual(['1 live', '2 kept']);
    expect(await held(1)).toEqual(await held(2));
  });

  it('is built again from the database when its store is lost', async () => {
    for (const id of organizations) await add(id, 'Аренда');
    const before = await held(1);
    await rm(join(folder, 'vectors'), { recursive: true });
    expect((await held(1)).records).toBe(0);
    await work();
    expect(await held(1)).toEqual(before);
    expect(worker.log.some(({ message }) => message.includes('records are lost'))).toBe(true);
  });

  it('is built again for an organization whose file is damaged, and the others are left alone', async () => {
    for (const id of organizations) await add(id, 'Аренда');
    const before = await held(1);
    const [damaged = ''] = organizations;
    const vectors = join(folder, 'vectors');
    const name = (await readdir(vectors, { recursive: true })).find((each) => each.endsWith(`${damaged}.sqlite`)) ?? '';
    for (const part of ['', '-wal', '-shm']) {
      const { size } = await stat(join(vectors, name + part)).catch(() => ({ size: 0 }));
      if (size > 0) await writeFile(join(vectors, name + part), Buffer.alloc(size, 'x'), { flag: 'r+' });
    }
    await work();
    expect(await held(1)).toEqual(before);
    expect(
      worker.log.some(({ message, organization }) => organization === damaged && message.includes('damaged')),
    ).toBe(true);
  });

  it('takes in documents of a time before generations were counted', async () => {
    await add(organizations[0] ?? '', 'Аренда');
    const before = await held(1);
    await database.owner`delete from indexed_documents`;
    await rm(join(folder, 'vectors'), { recursive: true });
    await work();
    expect(await held(1)).toEqual(before);
  });

  it('is left alone when there is nothing to do', async () => {
    await add(organizations[0] ?? '', 'Аренда');
    await worker.deliver(null);
    expect([...(await database.owner`select 1 from pgboss.job where name = 'reindex'`)]).toEqual([]);
  });
});

it.each([{}, { kind: 'all' }, { kind: 'organization', generation: 0, organizationId: '1' }])(
  'a job with the payload %j is refused',
  async (payload) => {
    await expect(worker.deliver(payload)).rejects.toThrow();
  },
);
