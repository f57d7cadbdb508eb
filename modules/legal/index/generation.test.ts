import { describe, expect, it } from 'vitest';
import { createBoot } from '../../../platform/runtime/boot.ts';
import { differences, type IndexSettings, isBuilding } from './generation.ts';
import { indexSettings } from './provide-index-settings.ts';

const index: IndexSettings = { chunker: 'one', embeddingModel: 'm', dimensions: 8, store: 'sqlite' };

describe('differences', () => {
  it('are none between equal settings', () => {
    expect(differences(index, { ...index })).toEqual([]);
  });

  it('name each setting with what it is and what it should be', () => {
    const wanted: IndexSettings = { chunker: 'two', embeddingModel: 'n', dimensions: 16, store: 'qdrant' };
    expect(differences(index, wanted)).toEqual([
      'chunker one → two',
      'embedding model m → n',
      'dimensions 8 → 16',
      'store sqlite → qdrant',
    ]);
  });
});

describe('the settings that an environment asks for', () => {
  const asked = (source: Record<string, string>) => createBoot('test', source).use(indexSettings);

  it('are the local model and SQLite without a key and a server', async () => {
    const embeddingModel = expect.stringMatching(/^local-/);
    expect(await asked({})).toMatchObject({ embeddingModel, dimensions: 384, store: 'sqlite' });
  });

  it('are the service’s model with a key, and Qdrant with its address', async () => {
    const source = {
      OPENAI_API_KEY: 'key',
      AI_EMBEDDING_MODEL: 'text-embedding-3-large',
      AI_EMBEDDING_DIMENSIONS: '1024',
      QDRANT_URL: 'http://localhost:6333',
    };
    expect(await asked(source)).toMatchObject({
      embeddingModel: 'text-embedding-3-large',
      dimensions: 1024,
      store: 'qdrant',
    });
  });
});

it.each([
  ['building', true],
  ['verified', true],
  ['live', false],
  ['kept', false],
  ['removed', false],
] as const)('counts an index that is %s as under way: %s', (state, expected) => {
  expect(isBuilding({ state })).toBe(expected);
});
