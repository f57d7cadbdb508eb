import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { axis, dimensions, ids, nowhere, record, type VectorStoreHarness } from './conformance-records.ts';
import { describeWords } from './conformance-words.ts';
import type { VectorQuery, VectorStore } from './contract.ts';

export { axis, dimensions };

/** What every vector store must do, whatever it is made of. */
export function describeVectorStore(name: string, create: () => Promise<VectorStoreHarness>): void {
  describeWords(name, create);
  describe(`${name} as a vector store`, () => {
    let harness: VectorStoreHarness;
    let store: VectorStore;
    let opened: VectorStore[];
    const organization: string = randomUUID();
    const other: string = randomUUID();

    const open = () => {
      const another = harness.open();
      opened.push(another);
      return another;
    };
    const search = (query: Partial<VectorQuery>, tenant = organization) =>
      store.search(tenant, { text: '', vector: nowhere, limit: 10, ...query });

    beforeEach(async () => {
      harness = await create();
      opened = [];
      store = open();
    });
    afterEach(async () => {
      for (const each of opened) await each.close();
      await harness.dispose();
    });

    it('finds nothing in an organization without records', async () => {
      await store.check();
      expect(await search({ text: 'договор', vector: axis(0) })).toEqual([]);
      expect(await store.count(organization)).toBe(0);
      await store.removeDocument(organization, 'document-1');
      await store.removeOrganization(organization);
    });

    it('leaves one of each record when the same records come twice', async () => {
      const records = [record('a', 'срок оплаты'), record('b', 'term of payment', axis(1))];
      await store.upsert(organization, records);
      await store.upsert(organization, records);
      expect(await store.count(organization)).toBe(2);
      expect(ids(await search({ text: 'оплата' }))).toEqual(['a']);
      expect(ids(await search({ vector: axis(1), limit: 2 }))).toEqual(['b', 'a']);
    });

    it('replaces text, vector and document of a record', async () => {
      await store.upsert(organization, [record('a', 'аренда'), record('b', 'иное', axis(5))]);
      await store.upsert(organization, [record('a', 'поставка', axis(3), 'document-2')]);
      expect(await search({ text: 'аренда' })).toEqual([]);
      expect(ids(await search({ text: 'поставка' }))).toEqual(['a']);
      expect(ids(await search({ vector: axis(3), limit: 1 }))).toEqual(['a']);
      expect(ids(await search({ text: 'поставка', documentIds: ['document-2'] }))).toEqual(['a']);
      await store.removeDocument(organization, 'document-1');
      expect(await store.count(organization)).toBe(1);
    });

    it('finds words in any of their forms, in Russian and English', async () => {
      await store.upsert(organization, [
        record('ru', 'Настоящий договор вступает в силу'),
        record('en', 'Liabilities of the parties upon termination'),
        record('law', 'Федеральный закон № 12-ФЗ, статья 8.1'),
        record('none', 'погода'),
        record('none too', 'weather'),
      ]);
      for (const text of ['договора', 'договором', 'ДОГОВОРЫ']) expect(ids(await search({ text }))).toEqual(['ru']);
      for (const text of ['liability', 'terminate', 'party']) expect(ids(await search({ text }))).toEqual(['en']);
      for (const text of ['12-ФЗ', '8.1', 'законом']) expect(ids(await search({ text }))).toEqual(['law']);
    });

    it('ranks a chunk about the rare word above one with the common words', async () => {
      const filler = Array.from({ length: 20 }, (_, index) => record(`filler ${index}`, 'срок оплаты услуг', axis(1)));
      await store.upsert(organization, [...filler, record('rare', 'эскроу, срок')]);
      expect(ids(await search({ text: 'срок эскроу' }))[0]).toBe('rare');
    });

    it('finds the nearest vectors, whatever their length', async () => {
      const near = axis(0).map((component, index) => component + (index === 1 ? 0.5 : 0));
      await store.upsert(organization, [
        record(
          'exact',
          'x',
          axis(0).map((component) => component * 9),
        ),
        record('near', 'x', near),
        record('far', 'x', axis(7)),
      ]);
      expect(ids(await search({ vector: axis(0).map((component) => component * 0.1) }))).toEqual([
        'exact',
        'near',
        'far',
      ]);
    });

    it('puts what words and vector both find first', async () => {
      await store.upsert(organization, [
        record('vector', 'погода', axis(0)),
        record('both', 'неустойка', axis(0).with(1, 0.2)),
        record('words', 'неустойка за просрочку оплаты по договору', axis(7)),
      ]);
      expect(ids(await search({ text: 'неустойкой', vector: axis(0) }))[0]).toBe('both');
    });

    it('searches only the documents that are named', async () => {
      await store.upsert(organization, [
        record('a', 'неустойка', axis(0), 'document-1'),
        record('b', 'неустойка', axis(1), 'document-2'),
        record('c', 'неустойка', axis(2), 'document-3'),
      ]);
      const query = { text: 'неустойка', vector: axis(2) };
      expect(ids(await search({ ...query, documentIds: ['document-1', 'document-2'] })).sort()).toEqual(['a', 'b']);
      expect(ids(await search({ ...query, documentIds: ['document-2'] }))).toEqual(['b']);
      expect(await search({ ...query, documentIds: [] })).toEqual([]);
      expect(await search({ ...query, documentIds: ['unknown', "' OR 1=1 --"] })).toEqual([]);
    });

    it('names the document of each hit and scores the best highest', async () => {
      await store.upsert(organization, [record('a', 'неустойка', axis(0), 'document-9'), record('b', 'срок', axis(1))]);
      const hits = await search({ text: 'неустойка', vector: axis(0) });
      expect(hits[0]).toMatchObject({ chunkId: 'a', documentId: 'document-9', score: expect.any(Number) });
      expect(hits[0]?.score).toBeGreaterThan(hits[1]?.score ?? Number.POSITIVE_INFINITY);
    });

    it('removes a document and nothing else', async () => {
      const records = Array.from({ length: 200 }, (_, index) =>
        record(`chunk ${index}`, 'срок', axis(index % dimensions), index < 150 ? 'document-1' : 'document-2'),
      );
      await store.upsert(organization, records);
      await store.removeDocument(organization, 'document-1');
      expect(await store.count(organization)).toBe(50);
      const left = await search({ text: 'срок', vector: axis(0), limit: 300 });
      expect(left).toHaveLength(50);
      expect(new Set(left.map(({ documentId }) => documentId))).toEqual(new Set(['document-2']));
    });

    it('keeps organizations apart that have the same ids and the same text', async () => {
      await store.upsert(organization, [record('a', 'срок'), record('only here', 'эскроу', axis(4))]);
      await store.upsert(other, [record('a', 'срок')]);
      expect(ids(await search({ text: 'эскроу', vector: axis(4) }, other))).toEqual(['a']);
      expect(await search({ text: 'эскроу' }, other)).toEqual([]);
      await store.upsert(other, [record('a', 'аренда', axis(1), 'document-2')]);
      expect(ids(await search({ text: 'срок' }))).toEqual(['a']);
      await store.removeDocument(organization, 'document-2');
      expect(await store.count(other)).toBe(1);
      await store.removeDocument(other, 'document-2');
      expect([await store.count(organization), await store.count(other)]).toEqual([2, 0]);
    });

    it('removes an organization, leaves the other, and takes records again', async () => {
      await store.upsert(organization, [record('a', 'срок')]);
      await store.upsert(other, [record('a', 'срок')]);
      await store.removeOrganization(organization);
      expect(await search({ text: 'срок', vector: axis(0) })).toEqual([]);
      expect([await store.count(organization), await store.count(other)]).toEqual([0, 1]);
      await store.upsert(organization, [record('b', 'срок')]);
      expect(ids(await search({ text: 'срок', vector: axis(0) }))).toEqual(['b']);
    });

    it.each([
      ['quotes', `"срок" 'срок' "" '`],
      ['operators', 'срок AND OR NOT NEAR(срок, 2) stems:срок * ^срок + - ( ) {a b}:срок'],
      ['SQL', `срок'); DROP TABLE chunks; --`],
      ['NUL and control characters', 'срок\u0000 срок\u0001\u001f'],
      ['emoji and lone surrogates', '🙂 срок 👩‍⚖️ \ud800'],
      ['100,000 characters', `срок ${'бесконечный текст '.repeat(5556)}`],
    ])('takes %s in a question for plain text', async (_, text) => {
      await store.upsert(organization, [record('a', 'срок'), record('b', 'иное')]);
      expect(ids(await search({ text }))[0]).toBe('a');
    });

    it.each(['', ' \n', '"', '* AND ()', '🙂', '\u0000', 'и что это', 'the'])(
      'answers a question without words (%j) by the vector alone',
      async (text) => {
        await store.upsert(organization, [record('a', 'срок'), record('b', 'срок', axis(1))]);
        expect(ids(await search({ text, vector: axis(1) }))).toEqual(['b', 'a']);
        expect(await search({ text })).toEqual([]);
      },
    );

    it('takes any text as a record', async () => {
      const texts = ['', '🙂', '\u0000', '"; DROP TABLE chunks; --', 'срок '.repeat(20_000), 'я'.repeat(100_000)];
      await store.upsert(
        organization,
        texts.map((text, index) => record(`chunk ${index}`, text)),
      );
      expect(await store.count(organization)).toBe(texts.length);
      expect(ids(await search({ text: 'сроки' }))).toEqual(['chunk 4']);
    });

    it('returns at most as many hits as asked for, in the same order each time', async () => {
      const records = Array.from({ length: 60 }, (_, index) =>
        record(`chunk ${index}`, 'срок', axis(index % dimensions)),
      );
      await store.upsert(organization, records);
      const query = { text: 'срок', vector: axis(2), limit: 7 };
      const first = await search(query);
      expect(first).toHaveLength(7);
      expect(await search(query)).toEqual(first);
      expect(await search({ ...query, limit: 0 })).toEqual([]);
      expect(await search({ ...query, limit: 1000 })).toHaveLength(60);
    });

    it('takes writes of two stores at once', async () => {
      const second = open();
      const records = (prefix: string) =>
        Array.from({ length: 150 }, (_, index) => record(`${prefix} ${index}`, 'срок', axis(index % dimensions)));
      await Promise.all([store.upsert(organization, records('x')), second.upsert(organization, records('y'))]);
      expect(await store.count(organization)).toBe(300);
      expect(await second.count(organization)).toBe(300);
      await second.removeOrganization(organization);
      expect(await store.count(organization)).toBe(0);
      await second.upsert(organization, [record('z', 'срок')]);
      expect(ids(await search({ text: 'срок' }))).toEqual(['z']);
    });

    it('refuses vectors of the wrong length or without a value, and writes none of the call', async () => {
      const broken = [new Float32Array(3), axis(0).with(1, Number.NaN), axis(0).with(1, Number.POSITIVE_INFINITY)];
      for (const vector of broken) {
        await expect(store.upsert(organization, [record('a', 'x'), record('b', 'x', vector)])).rejects.toThrow(
          'chunk "b"',
        );
        await expect(search({ vector })).rejects.toThrow('the query');
      }
      expect(await store.count(organization)).toBe(0);
    });

    it('refuses an organization id that is not a UUID', async () => {
      for (const id of ['', '../other', `${organization}/..`, `${organization}\u0000`, '*']) {
        await expect(store.upsert(id, [record('a', 'x')])).rejects.toThrow('not a UUID');
        await expect(search({ vector: axis(0) }, id)).rejects.toThrow('not a UUID');
        await expect(store.count(id)).rejects.toThrow('not a UUID');
        await expect(store.removeDocument(id, 'document-1')).rejects.toThrow('not a UUID');
        await expect(store.removeOrganization(id)).rejects.toThrow('not a UUID');
      }
    });

    it('answers nothing more once it is closed, and keeps the records', async () => {
      await store.upsert(organization, [record('a', 'срок')]);
      await store.close();
      await store.close();
      await expect(store.count(organization)).rejects.toThrow('closed');
      await expect(store.upsert(organization, [record('b', 'срок')])).rejects.toThrow('closed');
      await expect(store.removeOrganization(organization)).rejects.toThrow('closed');
      expect(await open().count(organization)).toBe(1);
    });
  });
}
