import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { axis, ids, nowhere, record, type VectorStoreHarness } from './conformance-records.ts';
import type { VectorQuery, VectorStore } from './contract.ts';

/** What every vector store must do with the words of chunks, of their headings and of what their documents are. */
export function describeWords(name: string, create: () => Promise<VectorStoreHarness>): void {
  describe(`${name} as a store of words`, () => {
    let harness: VectorStoreHarness;
    let store: VectorStore;
    const organization: string = randomUUID();
    const other: string = randomUUID();
    const search = (query: Partial<VectorQuery>) =>
      store.search(organization, { text: '', vector: nowhere, limit: 10, ...query });

    beforeEach(async () => {
      harness = await create();
      store = harness.open();
    });
    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });

    it('finds a chunk by its headings before one by its text, and by what its document is last', async () => {
      const filler = Array.from({ length: 20 }, (_, index) => record(`filler ${index}`, 'иное слово'));
      await store.upsert(organization, [
        ...filler,
        { ...record('description', 'иное слово'), description: 'Договор аренды' },
        record('text', 'аренда вода земля гора река море поле лес'),
        { ...record('heading', 'иное слово'), headings: ['Глава 34', 'Статья 606. Аренда'] },
      ]);
      expect(ids(await search({ text: 'аренды' }))).toEqual(['heading', 'text', 'description']);
      expect(ids(await search({ expansions: ['unit/606'] }))).toEqual(['heading']);
    });

    it('looks for other words next to the question’s own, and gives the words of what it finds', async () => {
      await store.upsert(organization, [
        { ...record('law', 'Расторжение договора, договор'), headings: ['Статья 80'], description: 'Кодекс' },
        record('other', 'погода'),
      ]);
      const hits = await search({ text: 'увольнение', expansions: ['расторжен', 'договор'] });
      expect(ids(hits)).toEqual(['law']);
      expect(hits[0]?.words).toEqual({
        text: ['расторжен', 'договор', 'договор'],
        headings: ['стат', '80', 'unit/80'],
        description: ['кодекс'],
      });
      expect(hits[0]).not.toHaveProperty('similarity');
      expect((await search({ vector: axis(0), limit: 1 }))[0]?.similarity).toBeCloseTo(1, 5);
    });

    it('tells how common stems are, or that it cannot', async () => {
      await store.upsert(organization, [record('a', 'срок, срок'), record('b', 'сроки оплаты'), record('c', 'иное')]);
      await store.upsert(other, [record('a', 'срок')]);
      const frequencies = await store.frequencies(organization, ['срок', 'оплат', 'эскроу', '"']);
      if (frequencies === undefined) return;
      expect(frequencies.chunks).toBe(3);
      expect([...frequencies.of]).toEqual([
        ['срок', 2],
        ['оплат', 1],
      ]);
    });
  });
}
