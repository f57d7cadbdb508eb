import { type DocumentFormat, ParseFailure } from '../contract.ts';
import { normalizeText } from '../normalize-text.ts';
import { removeRunningLines } from '../pdf/pages/running-lines.ts';
import type { EmbeddedFile, Reader, ReadingOrder, ReadingOutput } from '../reading.ts';
import { detectFormat, detectionBytes } from './detect-format.ts';

/** A message in a message in a message; what lies deeper is noticed. */
const deepest = 4;
const mostFiles = 200;
/** Scans take seconds a page, and the file around them has the time of one that is not scanned. */
const recognizedPages = 10;

type FileOrder = Omit<ReadingOrder, 'embedded'>;
type Readers = Record<DocumentFormat, () => Promise<Reader>>;

/** The order to read a file, with the means to read those that lie in it. All of them together keep to its limits. */
export function withEmbedded(order: FileOrder, readers: Readers): ReadingOrder {
  return nested(order, readers, 0, { files: mostFiles, characters: order.limits.characters });
}

function nested(order: FileOrder, readers: Readers, depth: number, left: { files: number; characters: number }) {
  const read = async ({ name, bytes, mediaType }: EmbeddedFile, output: Pick<ReadingOutput, 'notice'>) => {
    const format = detectFormat(bytes.subarray(0, detectionBytes), name, mediaType);
    if (format === undefined || depth >= deepest || left.files === 0) return undefined;
    left.files -= 1;
    const limits = {
      ...order.limits,
      characters: left.characters,
      recognizedPages: Math.min(recognizedPages, order.limits.recognizedPages),
    };
    // Readers take the bytes over.
    const copy = () => Buffer.from(bytes);
    const inner = { ...order, bytes: copy(), again: async () => copy(), limits, pagesBefore: 0, givenUp: [] };
    const pages: string[] = [];
    const collect: ReadingOutput = {
      pagesTotal: () => {},
      async page(text) {
        const page = normalizeText(text);
        left.characters -= page.length;
        if (left.characters < 0) throw new ParseFailure('too-large', 'Read document: too much text in attached files');
        pages.push(page);
      },
      notice: ({ kind, page, detail = '' }) =>
        output.notice({ kind, page: null, detail: [name, page && `p. ${page}`, detail].filter(Boolean).join(', ') }),
    };
    const reader = await readers[format]();
    const { hasPages } = await reader(nested(inner, readers, depth + 1, left), collect);
    return (hasPages ? removeRunningLines(pages) : pages).join('\n').trim();
  };
  return {
    ...order,
    /** A file that cannot be read is no reason to lose the one around it. */
    async embedded(file: EmbeddedFile, output: Pick<ReadingOutput, 'notice'>) {
      const text = await read(file, output).catch((error: unknown) => {
        if (error instanceof ParseFailure && error.code === 'too-large') throw error;
        return undefined;
      });
      if (text) return text;
      output.notice({ kind: 'attachment-not-read', page: null, detail: file.name });
      return undefined;
    },
  };
}
