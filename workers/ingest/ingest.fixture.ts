import { AiFailure, type Embedder } from '../../modules/models/index.ts';
import { storedDocument } from '../../modules/testing/document.ts';
import { testIngest } from '../../modules/testing/ingest.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';

type Embed = Embedder['embed'];

export const articles = Array.from(
  { length: 40 },
  (_, n) => `Статья ${n + 1}. Предмет ${n}\n\n${'Стороны договорились о следующем. '.repeat(20)}\n`,
);
export const law = `Федеральный закон\n\n${articles.join('\n')}`;

/** A worker of the queue with documents to give it, and ways to look at what it makes of them. */
export async function startIngest() {
  const database = await testDatabase();
  const worker = await testWorker(database, testIngest);
  async function arrange(content: string | Buffer = law, format = 'txt') {
    const { id: organizationId } = await testOrganization(database);
    const place = { database, folder: worker.folder, organizationId };
    const documentId = await storedDocument(place, { content, format, fileName: `file.${format}` });
    return { organizationId, documentId };
  }
  const stateOf = async (id: string) => {
    const [row] = await database.owner`select status, failure from documents where id = ${id}`;
    return row && { ...row };
  };
  const chunksOf = (id: string) => database.owner<
    { id: string; start: number; end: number; content: string; heading_path: string[] }[]
  >`
    select id, start, "end", content, heading_path from chunks where document_id = ${id} order by ordinal`;
  const textOf = async (id: string) =>
    (await database.owner`select content from document_texts where document_id = ${id}`)[0]?.content;
  const progressOf = async (id: string) => [
    ...(await database.owner<{ generation: number; done: number; total: number }[]>`
      select generation, done, total from indexed_documents where document_id = ${id} order by generation`),
  ];
  const versionOf = async (id: string) =>
    (await database.owner`select documents_version::int as v from organizations where id = ${id}`)[0]?.v;

  type Indexes = typeof worker.deps.indexes;
  /** The indexes, with another way to embed. */
  const embedding = (embed: (real: Embed) => Embed): Indexes => ({
    ...worker.deps.indexes,
    async live() {
      const index = await worker.deps.indexes.live();
      return { ...index, embedder: { ...index.embedder, embed: embed(index.embedder.embed) } };
    },
  });
  /** Something else happens while a batch is embedded. */
  const during = (event: () => Promise<unknown>) =>
    embedding((real) => async (...request) => {
      const embedded = await real(...request);
      await event();
      return embedded;
    });
  /** What is asked for from this call on fails, as when the process ended there. */
  const endingAt = (call: number) => {
    let calls = 0;
    return embedding((real) => async (...request) => {
      calls += 1;
      if (calls >= call) throw new AiFailure('unreachable', 'Embed: away');
      return real(...request);
    });
  };

  return {
    database,
    worker,
    arrange,
    stateOf,
    chunksOf,
    textOf,
    progressOf,
    versionOf,
    embedding,
    during,
    endingAt,
    async close() {
      await worker.close();
      await database.close();
    },
  };
}
