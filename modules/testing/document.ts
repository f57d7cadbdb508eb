import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createLocalStorage, newStorageKey } from '../../platform/capabilities/storage/index.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import { testIngest } from './ingest.ts';

/** The files and vectors of this folder are those of a process that was started with it. */
interface Place {
  database: TestDatabase;
  folder: string;
  organizationId: string;
}

/** A document that waits to be read: its file and its row. @returns its id */
export async function storedDocument(
  { database, folder, organizationId }: Place,
  {
    fileName = 'contract.txt',
    format = 'txt',
    content,
  }: { fileName?: string; format?: string; content: string | Buffer },
): Promise<string> {
  const storageKey = newStorageKey();
  const storage = createLocalStorage({ directory: join(folder, 'files') });
  const file = await storage.write(storageKey, Readable.from([Buffer.from(content)]), {
    maxBytes: Number.MAX_SAFE_INTEGER,
  });
  const [row] = await database.owner<{ id: string }[]>`
    insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key)
    values (${organizationId}, ${fileName.replace(/\.\w+$/, '')}, ${fileName}, ${format}, ${file.bytes}, ${file.sha256}, ${storageKey})
    returning id`;
  if (!row) throw new Error('Store document: no row came back');
  await database.owner`update organizations set storage_used = storage_used + ${file.bytes} where id = ${organizationId}`;
  return row.id;
}

/** A document that was read by the real worker and can be searched and asked about. @returns its id */
export async function readyDocument(place: Place, file: Parameters<typeof storedDocument>[1]): Promise<string> {
  const documentId = await storedDocument(place, file);
  const { database, folder, organizationId } = place;
  const worker = await testWorker(database, testIngest, { folder });
  await worker.deliver({ organizationId, documentId });
  await worker.close();
  return documentId;
}
