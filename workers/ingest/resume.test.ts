import { afterAll, describe, expect, it } from 'vitest';
import { makePdf } from '../../modules/legal/reading/fixtures/make-pdf.ts';
import { parserName } from '../../modules/legal/reading/index.ts';
import { articles, law, startIngest } from './ingest.fixture.ts';

const {
  database,
  worker,
  arrange,
  stateOf,
  chunksOf,
  textOf,
  progressOf,
  versionOf,
  embedding,
  during,
  endingAt,
  close,
} = await startIngest();
afterAll(close);

describe('an ingest job that continues', () => {
  it('continues after the last batch that is in the index, and does not read the file again', async () => {
    const long = `${law}\n${articles.map((text) => text.replace('Статья', 'Статья 1')).join('\n')}`;
    const job = await arrange(long.repeat(2));
    let read = 0;
    const { documentParser } = worker.deps;
    const parser: typeof documentParser = {
      parse(...request) {
        read += 1;
        return documentParser.parse(...request);
      },
    };
    await expect(worker.deliver(job, { deps: { indexes: endingAt(2), documentParser: parser } })).rejects.toThrow(
      'away',
    );
    const chunks = await chunksOf(job.documentId);
    expect(chunks.length).toBeGreaterThan(128);
    expect(await progressOf(job.documentId)).toEqual([{ generation: 1, done: 64, total: chunks.length }]);
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(64);

    let embedded = 0;
    const counting = embedding((real) => (texts, ...rest) => {
      embedded += texts.length;
      return real(texts, ...rest);
    });
    await worker.deliver(job, { deps: { indexes: counting, documentParser: parser } });
    expect([read, embedded]).toEqual([1, chunks.length - 64]);
    expect(await chunksOf(job.documentId)).toEqual(chunks);
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(chunks.length);
    expect(await stateOf(job.documentId)).toEqual({ status: 'ready', failure: null });
  });

  it('delivered to two processes at once leaves one of everything', async () => {
    const job = await arrange();
    await Promise.all([1, 2, 3].map(() => worker.deliver(job)));
    const chunks = await chunksOf(job.documentId);
    expect(chunks.map(({ content }) => content).join('')).toBe(await textOf(job.documentId));
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(chunks.length);
    expect(await versionOf(job.organizationId)).toBe(1);
  });

  it.each([
    ['continues after the pages that an earlier attempt has read', parserName, 'kept from before'],
    ['reads all pages again when they were read by another version', 'other', 'First page'],
  ])('%s', async (_, parser, first) => {
    const pages = ['First page', 'Second page'].map((text) => [{ text, down: 80 }]);
    const job = await arrange(makePdf(pages), 'pdf');
    await database.owner`
      insert into parsed_pages (document_id, organization_id, first, pages, notices, parser, recognized)
      values (
        ${job.documentId}, ${job.organizationId}, 1, '{kept from before}', '[{"kind":"ink-not-read","page":1}]', ${parser},
        '[{"page":1,"width":595,"height":842,"words":[5,9,720,800,200,100]}]')`;
    await worker.deliver(job);
    expect(await textOf(job.documentId)).toBe(`${first}\nSecond page`);
    const [row] = await database.owner`select notices from documents where id = ${job.documentId}`;
    expect(row?.notices).toEqual(parser === parserName ? [{ kind: 'ink-not-read', page: 1 }] : []);
    const recognized =
      await database.owner`select page, words from recognized_pages where document_id = ${job.documentId}`;
    expect([...recognized]).toEqual(parser === parserName ? [{ page: 1, words: [5, 9, 720, 800, 200, 100] }] : []);
    const left = await database.owner`select 1 from parsed_pages where document_id = ${job.documentId}`;
    expect(left).toHaveLength(0);
  });

  it('puts the document into the index that goes live in the meantime', async () => {
    const job = await arrange();
    const switched = async () => {
      await database.owner`
        insert into index_generations (generation, state, chunker, embedding_model, dimensions, store)
        select 2, 'verified', chunker, embedding_model, dimensions, store from index_generations on conflict do nothing`;
      await database.owner`update index_generations set state = case generation when 2 then 'live' else 'kept' end`;
    };
    await worker.deliver(job, { deps: { indexes: during(switched) } });
    expect(await stateOf(job.documentId)).toEqual({ status: 'ready', failure: null });
    const [first, second] = await progressOf(job.documentId);
    expect(first).toMatchObject({ generation: 1, done: first?.total });
    expect(second).toMatchObject({ generation: 2, done: first?.total, total: first?.total });
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(first?.total);
    // What is erased is erased in both.
    await worker.deps.vectors.removeDocument(job.organizationId, job.documentId);
    await database.owner`delete from index_generations where generation = 2`;
    await database.owner`update index_generations set state = 'live'`;
    await worker.deps.indexes.generations.refresh();
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(0);
  });

  it('of a document that is deleted with its file before it was opened is done', async () => {
    const job = await arrange();
    const { storage } = worker.deps;
    const open: typeof storage.open = async (key) => {
      await database.owner`delete from documents where id = ${job.documentId}`;
      await storage.remove(key);
      return storage.open(key);
    };
    await worker.deliver(job, { deps: { storage: { ...storage, open } } });
    expect(await worker.deps.vectors.count(job.organizationId)).toBe(0);
  });
});
