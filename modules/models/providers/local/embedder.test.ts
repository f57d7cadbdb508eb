import { describe, expect, it } from 'vitest';
import { describeEmbedder } from '../../embedding/conformance-embedder.ts';
import { createLocalEmbedder } from './embedder.ts';

const embedder = createLocalEmbedder(384);

describeEmbedder('local', async () => ({ embedder, close: async () => {} }));

describe('local embeddings', () => {
  const embed = async (text: string) => (await embedder.embed([text], 'document')).vectors[0] ?? new Float32Array();
  const similarity = async (a: string, b: string) => {
    const other = await embed(b);
    return (await embed(a)).reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
  };

  it('bring forms of the same words together', async () => {
    expect(await similarity('договор аренды помещения', 'аренда помещений по договорам')).toBeGreaterThan(0.7);
    expect(await similarity('terminate the lease', 'termination of leases')).toBeGreaterThan(0.6);
  });

  it('keep other subjects apart', async () => {
    expect(await similarity('договор аренды помещения', 'алименты на содержание детей')).toBeLessThan(0.3);
  });

  it('stay the same, because stored vectors are compared with new ones', async () => {
    const vector = await createLocalEmbedder(32).embed(['Renewal of the lease'], 'query');
    const places = [...(vector.vectors[0] ?? [])].flatMap((value, at) =>
      value === 0 ? [] : [`${at}:${value.toFixed(3)}`],
    );
    expect(places).toEqual(['2:-0.686', '3:0.171', '19:0.686', '31:-0.171']);
  });
});
