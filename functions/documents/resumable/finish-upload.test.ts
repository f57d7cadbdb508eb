import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { PartialUpload } from '../../../platform/capabilities/storage/index.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { finishUpload, type ResumableDeps } from './finish-upload.ts';

const caller: Caller = { userId: randomUUID(), organizationId: randomUUID(), role: 'member' };

/** Finishes an upload that another host finishes while it is read here, and may have removed the pieces of. */
async function finishLate(read: () => Promise<Readable>) {
  const id = randomUUID();
  const made = { id: randomUUID(), duplicate: false };
  const upload = { id, bytes: 3, offset: 3, metadata: { filename: 'a.txt' }, createdAt: new Date() };
  const known: PartialUpload[] = [
    { ...upload, outcome: null },
    { ...upload, outcome: made },
  ];
  const removed: string[] = [];
  const deps = {
    partialUploads: {
      find: async () => known.shift(),
      read,
      remove: async (_: unknown, which: string) => void removed.push(which),
    },
    storage: {
      write: async (_: string, stream: Readable) => ({ bytes: Buffer.concat(await stream.toArray()).byteLength }),
      remove: async () => {},
    },
  } as unknown as ResumableDeps;
  return { outcome: await finishUpload(deps, caller, id), made, removed };
}

it.each([
  ['cannot be read any more', () => Promise.reject(new Error('a piece is missing'))],
  ['is empty by now', async () => Readable.from([])],
])('an upload that another host has finished is answered with its document where its content %s', async (_, read) => {
  const { outcome, made, removed } = await finishLate(read);
  expect(outcome).toEqual(made);
  expect(removed).toEqual([]);
});
