import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalStorage, createPartialUploads, newStorageKey } from '../../capabilities/storage/index.ts';
import { createTemporaryFolder } from '../../capabilities/storage/temporary-folder.fixture.ts';
import { describeLeftovers } from './local-leftovers.ts';

let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder.remove());

const describeFor = (hosts: number) => describeLeftovers({ files: folder.directory }, {}, hosts);

it('names what the other hosts do not find in the files of this one', async () => {
  expect(await describeFor(2)).toEqual([]);
  const { directory } = folder;
  const [owner, id] = [{ organizationId: randomUUID(), userId: randomUUID() }, randomUUID()];
  await createPartialUploads({ directory }).create(owner, { id, bytes: 3, metadata: {} });
  expect(await describeFor(2)).toEqual([
    'Unfinished uploads of this host: 1 move to the bucket, where every host continues them',
  ]);
  await createLocalStorage({ directory }).write(newStorageKey(), Readable.from(['abc']), { maxBytes: 9 });
  expect(await describeFor(2)).toContain(
    'Files of this host are not found by the others: move them with "pandect storage move --to s3"',
  );
  expect(await describeFor(1)).toEqual([]);
});
