import { describe, expect, it } from 'vitest';
import type { Host } from './host.ts';
import { type OwnHost, refuseHost } from './refuse-host.ts';

const host = (changes: Partial<Host> = {}): Host => ({
  ...{ id: crypto.randomUUID(), name: 'a', version: '1.0.0', keys: 'k' },
  ...{ storage: 'https://s3.example/files', vectors: 'http://qdrant:6333' },
  ...changes,
});
const own = (changes: Partial<OwnHost> = {}): OwnHost => ({
  ...host({ name: 'b' }),
  ...{ hosts: 2, isBehind: false },
  ...changes,
});

describe('refuseHost', () => {
  it('lets a host serve alone, whatever its settings are', () => {
    expect(refuseHost(own({ hosts: 1, keys: undefined, storage: 'local', isBehind: true }), [])).toBeUndefined();
  });

  it('lets one join that has the same keys and stores', () => {
    expect(refuseHost(own(), [host()])).toBeUndefined();
  });

  it('lets a newer version join', () => {
    expect(refuseHost(own({ version: '2.0.0' }), [host()])).toBeUndefined();
  });

  it.each([
    [own({ hosts: 1 }), [host()], /^host "a" serves this database: set PANDECT_HOSTS/],
    [own(), [host(), host({ name: 'c' })], /^PANDECT_HOSTS is 2, and 2 others run: "a", "c"$/],
    [own({ keys: undefined }), [host()], /pandect hosts export FILE/],
    [own({ keys: 'other' }), [host()], /^host "a" has other keys/],
    [own({ isBehind: true, version: '0.9.0' }), [host()], /newer version 1\.0\.0: this one is 0\.9\.0, upgrade it$/],
    [own(), [host({ storage: 'local' })], /another STORAGE and the bucket: local, here https:\/\/s3\.example\/files$/],
    [own({ hosts: 3 }), [host(), host({ name: 'c', vectors: 'local' })], /^host "c" has another QDRANT_URL: local/],
  ])('refuses %#', (mine, others, message) => {
    expect(refuseHost(mine, others)).toMatch(message);
  });
});
