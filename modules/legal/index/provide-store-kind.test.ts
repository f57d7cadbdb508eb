import { expect, it } from 'vitest';
import { createBoot } from '../../../platform/runtime/boot.ts';
import { storeKind } from './provide-store-kind.ts';

it('keeps vectors in SQLite on one host alone', async () => {
  const chosen = async (settings: Record<string, string>) => createBoot('search', settings).use(storeKind);
  expect(await chosen({})).toBe('sqlite');
  expect(await chosen({ PANDECT_HOSTS: '2', QDRANT_URL: 'http://qdrant:6333' })).toBe('qdrant');
  await expect(chosen({ PANDECT_HOSTS: '2' })).rejects.toThrow('QDRANT_URL: missing: must be set with PANDECT_HOSTS=2');
});
