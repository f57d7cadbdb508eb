import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedder } from './embedder.ts';

export interface EmbedderUnderTest {
  embedder: Embedder;
  close(): Promise<void>;
}

const dot = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  a && b ? a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) : Number.NaN;

/** What every embedder promises; run by each implementation's test. */
export function describeEmbedder(name: string, create: () => Promise<EmbedderUnderTest>): void {
  describe(`embedder ${name}`, () => {
    let tested: EmbedderUnderTest;
    let embedder: Embedder;
    beforeAll(async () => {
      tested = await create();
      embedder = tested.embedder;
    });
    afterAll(() => tested.close());

    it('names its model', () => {
      expect(embedder.id).not.toBe('');
    });

    it('embeds each text as a unit vector of the length it names, in order', async () => {
      const texts = Array.from({ length: 300 }, (_, n) => `clause ${n} about subject ${n % 7}`);
      const { vectors, tokens } = await embedder.embed(texts, 'document');
      expect(vectors.length).toBe(300);
      expect(tokens).toBeGreaterThan(0);
      for (const vector of vectors) {
        expect(vector.length).toBe(embedder.dimensions);
        expect(dot(vector, vector)).toBeCloseTo(1, 4);
      }
      const again = await embedder.embed([texts[299] ?? ''], 'document');
      expect(dot(again.vectors[0], vectors[299])).toBeCloseTo(1, 4);
    });

    it('embeds texts without words, and no texts at all', async () => {
      const { vectors } = await embedder.embed(['', ' ', '—'], 'query');
      for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 4);
      expect((await embedder.embed([], 'document')).vectors).toEqual([]);
    });

    it('says that it was cancelled when its caller already left', async () => {
      const cancelled = expect.objectContaining({ name: 'AiFailure', reason: 'cancelled' });
      await expect(embedder.embed(['text'], 'query', AbortSignal.abort())).rejects.toEqual(cancelled);
    });
  });
}
