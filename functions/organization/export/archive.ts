import { makeZip } from 'client-zip';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { FileMissing, type FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { dataJson } from './data-json.ts';
import { documentPages } from './pages.ts';

/** Characters of a text that are in memory at a time. */
const STRETCH = 1_000_000;

interface ExportDeps {
  database: Database;
  storage: FileStorage;
}

/** All of an organization as a ZIP stream, made while it is read: whatever its size, little of it is in memory. */
export function exportArchive(deps: ExportDeps, organizationId: string): ReadableStream<Uint8Array> {
  const files = entries(deps, organizationId);
  return makeZip({
    [Symbol.asyncIterator]: () => ({
      next: () => files.next(),
      // A client that left is no failure; the library would throw into the generator.
      throw: () => files.return(),
    }),
  });
}

async function* entries({ database, storage }: ExportDeps, organizationId: string) {
  yield { name: 'data.json', input: dataJson(database, organizationId) };
  for await (const { id, format, storageKey } of documentPages(database, organizationId)) {
    const file = await storage.read(storageKey).catch((error: unknown) => {
      if (error instanceof FileMissing) return undefined; // deleted since its row was read
      throw error;
    });
    try {
      if (file) yield { name: `files/${id}.${format}`, input: file.stream };
    } finally {
      file?.stream.destroy();
    }
    yield { name: `texts/${id}.txt`, input: textOf(database, organizationId, id) };
  }
}

async function* textOf(database: Database, organizationId: string, documentId: string): AsyncIterable<string> {
  for (let start = 1; ; start += STRETCH) {
    const [row] = await database.tenant(organizationId, (tx) =>
      tx
        .select({ stretch: sql<string>`substr(${documentTexts.content}, ${start}, ${STRETCH})` })
        .from(documentTexts)
        .where(eq(documentTexts.documentId, documentId)),
    );
    // An empty string would end the entry as well, by the library's reading of it.
    if (!row?.stretch) return;
    yield row.stretch;
  }
}
