import type { AiProvider } from '../../platform/capabilities/ai/index.ts';
import { describeDocument, type ParsedDocument } from '../../platform/capabilities/documents/index.ts';
import type { VectorStore } from '../../platform/capabilities/vectors/index.ts';
import type { SavedChunk } from './document-record.ts';

const BATCH = 64;

interface IndexRequest {
  organizationId: string;
  document: { id: string; title: string; fileName: string };
  parsed: ParsedDocument;
  chunks: readonly SavedChunk[];
  signal: AbortSignal;
}

/**
 * Puts the chunks of a document into the vector store in place of those that are there. Each chunk is found by its
 * document's description and headings as well; only its own text is ever shown or quoted.
 */
export async function indexChunks(
  { vectors, ai }: { vectors: VectorStore; ai: AiProvider },
  { organizationId, document, parsed, chunks, signal }: IndexRequest,
): Promise<void> {
  const description = describeDocument({ title: document.title, fileName: document.fileName, text: parsed.text });
  await vectors.removeDocument(organizationId, document.id);
  for (let at = 0; at < chunks.length; at += BATCH) {
    const batch = chunks.slice(at, at + BATCH);
    const texts = batch.map((chunk) => [description, ...chunk.headingPath, chunk.content].join('\n'));
    const embedded = await ai.embed(texts, 'document', signal);
    // Another process may be at the same document by now, and these would end up among its own.
    signal.throwIfAborted();
    await vectors.upsert(
      organizationId,
      batch.map((chunk, index) => ({
        chunkId: chunk.id,
        documentId: document.id,
        text: texts[index] as string,
        vector: embedded.vectors[index] as Float32Array,
      })),
    );
  }
}
