import type { ReadingOrder, ReadingOutput } from '../reading.ts';
import type { DocxParts } from './parts.ts';

/**
 * Texts of the parts that a document takes in as they are (`w:altChunk`), by the id of their relationship: HTML, web
 * pages in one file, RTF, Word, plain text. One that cannot be read is missing and noticed.
 */
export async function readChunks(
  { related }: DocxParts,
  order: ReadingOrder,
  output: ReadingOutput,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const [id, part] of related) {
    if (part.type !== 'aFChunk') continue;
    const file = part.name.replace(/^.*\//, '');
    // Under the name of an old document everything passes that Word opens; what is plain says so.
    const name = /\.(?:txt|text|eml)$/i.test(file) ? file : `${file}.doc`;
    const notice: ReadingOutput['notice'] = (given) =>
      output.notice({ ...given, detail: given.detail?.replace(name, file) ?? file });
    const text = await order.embedded({ name, bytes: Buffer.from(part.read()) }, { notice });
    if (text !== undefined) texts.set(id, text);
  }
  return texts;
}
