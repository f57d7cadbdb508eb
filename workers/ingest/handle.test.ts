import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failureTexts } from '../../modules/legal/reading/failures.ts';
import { makePdf } from '../../modules/legal/reading/fixtures/make-pdf.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createLocalStorage } from '../../platform/capabilities/storage/index.ts';
import { startIngest } from './ingest.fixture.ts';

const { database, worker, arrange, stateOf, chunksOf, textOf, versionOf, during, endingAt, close } =
  await startIngest();
afterAll(close);

describe('an ingest job', () => {
  it('makes a document ready: its text, chunks that join to it exactly, and a vector for each', async () => {
    const job = await arrange();
    await worker.deliver(job);
    expect(await stateOf(job.documentId)).toEqual({ status: 'ready', failure: null });
    const chunks = await chunksOf(job.documentId);
    expect(chunks.length).toBeGreaterThan(30);
    expect(chunks.map(({ content }) => content).join('')).toBe(await textOf(job.documentId));
    for (const [index, chunk] of chunks.entries()) expect(chunk.start).toBe(chunks[index - 1]?.end ?? 0);
    expect(chunks.some(({ heading_path: path }) => path.some((heading) => heading.startsWith('Статья 7.')))).toBe(true);
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(chunks.length);
    expect(await versionOf(job.organizationId)).toBe(1);
  });

  it('keeps the pages of a PDF', async () => {
    const job = await arrange(
      makePdf([[{ text: 'First page', down: 80 }], [{ text: 'Second page', down: 80 }]]),
      'pdf',
    );
    await worker.deliver(job);
    const [row] =
      await database.owner`select status, pages_done, pages_total from documents where id = ${job.documentId}`;
    expect(row).toEqual({ status: 'ready', pages_done: 2, pages_total: 2 });
  });

  it('delivered twice leaves the same state as once', async () => {
    const job = await arrange();
    await worker.deliver(job);
    const [text, chunks] = [await textOf(job.documentId), await chunksOf(job.documentId)];
    await worker.deliver(job);
    expect(await chunksOf(job.documentId)).toEqual(chunks);
    // Cut off before it was marked as ready, what there is stays.
    await database.owner`update documents set status = 'processing' where id = ${job.documentId}`;
    await worker.deliver(job);
    expect(await stateOf(job.documentId)).toEqual({ status: 'ready', failure: null });
    expect(await textOf(job.documentId)).toBe(text);
    expect(await chunksOf(job.documentId)).toEqual(chunks);
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(chunks.length);
  });

  it('of a document that was deleted after an earlier attempt removes the vectors that this one left', async () => {
    const job = await arrange();
    await worker.deliver(job);
    expect(await worker.deps.vectors.count(job.organizationId)).toBeGreaterThan(0);
    await database.owner`delete from documents where id = ${job.documentId}`;
    await worker.deliver(job);
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(0);
  });

  it('of a document that is deleted in the meantime leaves no vectors', async () => {
    const job = await arrange();
    const deleted = () => database.owner`delete from documents where id = ${job.documentId}`;
    await worker.deliver(job, { deps: { indexes: during(deleted) } });
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(0);
  });

  it('of a document that was given up in the meantime does not call it ready', async () => {
    const job = await arrange();
    const given = () =>
      database.owner`update documents set status = 'failed', failure = 'crashed' where id = ${job.documentId}`;
    await worker.deliver(job, { deps: { indexes: during(given) } });
    expect(await stateOf(job.documentId)).toEqual({ status: 'failed', failure: 'crashed' });
    expect(await versionOf(job.organizationId)).toBe(0);
  });

  it.each([
    ['damaged', Buffer.from('%PDF-1.7\nbroken'), 'pdf'],
    ['no-text', ' \n\n ', 'txt'],
  ])(
    'of a file that is unreadable ends in the failure "%s" and is not tried again',
    async (failure, content, format) => {
      const job = await arrange(content, format);
      await worker.deliver(job);
      expect(await stateOf(job.documentId)).toEqual({ status: 'failed', failure });
      expect([...(await chunksOf(job.documentId))]).toEqual([]);
      expect(await versionOf(job.organizationId)).toBe(0);
    },
  );

  it('of a file that is unreadable has the person written to who uploaded it, once for each job', async () => {
    const { organizationId, documentId } = await arrange(' \n\n ');
    const [owner] = await database.owner`
      update documents d set created_by = u.id from users u
      where d.id = ${documentId} and u.organization_id = ${organizationId} returning u.email`;
    await worker.deliver({ organizationId, documentId });
    await worker.deliver({ organizationId, documentId }); // done again by an operator: another job
    const mails = await database.owner`
      select email, kind, language, parameters, starts_with(reference, ${documentId}) as named
      from notifications where organization_id = ${organizationId}`;
    const parameters = { title: 'file', reason: 'no-text', explanation: failureTexts['no-text'].ru };
    const mail = { email: owner?.email, kind: 'document-failed', language: 'ru', named: true, parameters };
    expect(mails.map((row) => ({ ...row }))).toEqual([mail, mail]);
  });

  it('is tried again after what is not the file’s fault, and only the last attempt fails the document', async () => {
    const job = await arrange();
    const deps = { indexes: endingAt(1) };
    await expect(worker.deliver(job, { deps })).rejects.toThrow('away');
    expect(await stateOf(job.documentId)).toEqual({ status: 'processing', failure: null });
    await expect(worker.deliver(job, { deps, lastAttempt: true })).rejects.toThrow('away');
    expect(await stateOf(job.documentId)).toEqual({ status: 'failed', failure: 'unavailable' });
  });

  it('that an operator has done after all makes the document ready that it had failed', async () => {
    const job = await arrange();
    await database.owner`update documents set status = 'failed', failure = 'unavailable' where id = ${job.documentId}`;
    await worker.deliver(job);
    expect(await stateOf(job.documentId)).toEqual({ status: 'ready', failure: null });
    expect(await worker.deps.vectors.count(job.organizationId)).toBe((await chunksOf(job.documentId)).length);
  });

  it('fails the document at the last attempt when its file is gone', async () => {
    const job = await arrange();
    const storage = createLocalStorage({ directory: join(worker.folder, 'files') });
    const [row] = await database.owner<
      { storage_key: string }[]
    >`select storage_key from documents where id = ${job.documentId}`;
    await storage.remove(row?.storage_key ?? '');
    await expect(worker.deliver(job, { lastAttempt: true })).rejects.toThrow('not there');
    expect(await stateOf(job.documentId)).toEqual({ status: 'failed', failure: 'unavailable' });
  });

  it('whose processes did not answer even when it was alone fails the document with a reason', async () => {
    const job = await arrange();
    await worker.deliver(job, { unresponsive: 3 });
    expect(await stateOf(job.documentId)).toEqual({ status: 'failed', failure: 'too-slow' });
    const other = await arrange();
    await worker.deliver(other, { unresponsive: 2 });
    expect(await stateOf(other.documentId)).toEqual({ status: 'ready', failure: null });
  });

  it('that is cancelled leaves the document to the next attempt', async () => {
    const job = await arrange();
    const signal = AbortSignal.abort(new Error('Stop: draining'));
    await expect(worker.deliver(job, { signal })).rejects.toThrow('draining');
    expect(await stateOf(job.documentId)).toEqual({ status: 'processing', failure: null });
  });

  it('never touches a document under another organization', async () => {
    const job = await arrange();
    const other = await testOrganization(database);
    await worker.deliver({ ...job, organizationId: other.id });
    expect(await stateOf(job.documentId)).toEqual({ status: 'queued', failure: null });
  });

  it.each([null, {}, { organizationId: '1', documentId: '2' }])('with the payload %j is refused', async (payload) => {
    await expect(worker.deliver(payload)).rejects.toThrow();
  });
});
