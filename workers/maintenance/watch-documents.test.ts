import { afterAll, describe, expect, it } from 'vitest';
import { ingestJob } from '../../modules/legal/documents/jobs.ts';
import { readyDocument, storedDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const worker = await testWorker(database, { name: 'maintenance', manifest, module });
const queue = createQueue(database.url('tenant'));
afterAll(async () => {
  await queue.close();
  await worker.close();
  await database.close();
});
const mine = await testOrganization(database);
const place = { database, folder: worker.folder, organizationId: mine.id };
const watch = () => worker.deliver(null, { deps: { sweepPace: { isDue: () => false } } });
const enqueue = (documentId: string) =>
  database.tenant.tenant(mine.id, (tx) => queue.send(tx, ingestJob, { organizationId: mine.id, documentId }));
const age = (...ids: string[]) =>
  database.owner`update documents set updated_at = now() - interval '61 seconds', created_by = ${mine.owner.userId} where id = any(${ids})`;
const stateOf = async (id: string) => {
  const [row] = await database.owner`select status, failure from documents where id = ${id}`;
  return row && { ...row };
};
const jobsOf = async (id: string) =>
  (await database.owner`select state from pgboss.job where data->>'documentId' = ${id} order by created_on`).map(
    ({ state }) => state,
  );
let made = 0;
const stored = () => storedDocument(place, { content: `Document ${made++}` });

describe('the watch', () => {
  it('gives another job to a document whose job is nowhere, and leaves alone what waits or was only just queued', async () => {
    const [lost, fresh, waiting] = [await stored(), await stored(), await stored()];
    await enqueue(waiting);
    await age(lost, waiting);
    await watch();
    await watch();
    expect([await jobsOf(lost), await jobsOf(fresh), await jobsOf(waiting)]).toEqual([['created'], [], ['created']]);
    expect(await stateOf(lost)).toEqual({ status: 'queued', failure: null });
    expect(worker.log.find(({ message }) => message === 'Mended')).toMatchObject({ requeued: 1, failed: 0 });
  });

  it('fails a document whose job has come to its end without it, and writes to the person who uploaded it', async () => {
    const killed = await stored();
    await enqueue(killed);
    await database.owner`update pgboss.job set state = 'failed' where data->>'documentId' = ${killed}`;
    await database.owner`update documents set status = 'processing' where id = ${killed}`;
    await watch();
    expect(await stateOf(killed)).toEqual({ status: 'processing', failure: null }); // changed a moment ago
    await age(killed);
    await watch();
    await watch();
    expect([await stateOf(killed), await jobsOf(killed)]).toEqual([
      { status: 'failed', failure: 'crashed' },
      ['failed'],
    ]);
    const mails = await database.owner`select email, parameters from notifications where kind = 'document-failed'`;
    expect([...mails]).toEqual([
      {
        email: mine.owner.email,
        parameters: { title: 'contract', reason: 'crashed', explanation: expect.any(String) },
      },
    ]);
  });

  it('tells of documents that are being read and have not moved for a minute, and does nothing to them', async () => {
    const [still, moving, indexed] = [await stored(), await stored(), await stored()];
    for (const id of [still, moving, indexed]) await enqueue(id);
    await database.owner`
      update documents set status = 'processing', updated_at = now() - make_interval(secs => case id when ${moving} then 59 else 61 end)
      where id in (${still}, ${moving}, ${indexed})`;
    await database.owner`
      insert into index_generations (generation, state, chunker, embedding_model, dimensions, store)
      values (77, 'building', 'c', 'm', 1, 'sqlite')`;
    await database.owner`
      insert into indexed_documents (generation, document_id, organization_id, done, total)
      values (77, ${indexed}, ${mine.id}, 64, 128)`;
    const counted: number[] = [];
    await worker.deliver(null, {
      deps: { sweepPace: { isDue: () => false }, stalledCount: { set: (count) => void counted.push(count) } },
    });
    expect(counted).toEqual([1]);
    expect(worker.log.findLast(({ message }) => message === 'Documents do not move')).toMatchObject({
      level: 'warn',
      documents: [{ id: still, since: expect.any(String) }],
    });
    expect(await stateOf(still)).toEqual({ status: 'processing', failure: null });
    await database.owner`update documents set status = 'queued' where id in (${still}, ${moving}, ${indexed})`;
  });

  it('takes vectors and passages of replaced documents away, and leaves their text', async () => {
    const [old, kept] = [
      await readyDocument(place, { content: 'Статья 1. Старая редакция' }),
      await readyDocument(place, { content: 'Статья 1. Другой документ' }),
    ];
    const before = await worker.deps.vectors.count(mine.id);
    await database.owner`update documents set status = 'replaced' where id = ${old}`;
    await watch();
    await watch();
    const [left] = await database.owner`
      select (select count(*)::int from chunks where document_id = ${old}) as chunks,
             (select count(*)::int from indexed_documents where document_id = ${old}) as indexed,
             (select count(*)::int from document_texts where document_id = ${old}) as texts,
             (select count(*)::int from chunks where document_id = ${kept}) as others`;
    expect(left).toEqual({ chunks: 0, indexed: 0, texts: 1, others: 1 });
    expect(await worker.deps.vectors.count(mine.id)).toBe(before - 1);
  });
});
