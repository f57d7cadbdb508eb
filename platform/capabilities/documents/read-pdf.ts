import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { ParseFailure } from './contract.ts';
import { removePageNumbers } from './page-numbers.ts';
import { pageLines } from './pdf-page-lines.ts';
import { type Reader, requireAtMost } from './reading.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/** The text layer of a PDF, page by page. Nothing is drawn, run or fetched. */
export const readPdf: Reader = async (bytes, limits, onProgress) => {
  const document = await openPdf(bytes);
  try {
    const pagesTotal = document.numPages;
    requireAtMost(limits.pages, pagesTotal, 'pages');
    const pages: string[] = [];
    let characters = 0;
    for (let number = 1; number <= pagesTotal; number += 1) {
      const page = await document.getPage(number);
      const text = pageLines((await page.getTextContent()).items);
      page.cleanup();
      characters += text.length;
      requireAtMost(limits.characters, characters, 'characters');
      pages.push(text);
      onProgress({ pagesDone: number, pagesTotal });
    }
    return { pages: removePageNumbers(pages), hasPages: true, title: await title(document) };
  } finally {
    await document.loadingTask.destroy();
  }
};

async function openPdf(bytes: Buffer<ArrayBuffer>): Promise<PdfDocument> {
  const { VerbosityLevel } = await getResolvedPDFJS();
  try {
    // The library wants a Uint8Array of its own, which it takes over.
    return await getDocumentProxy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), {
      verbosity: VerbosityLevel.ERRORS,
      enableXfa: false,
      useWasm: false,
    });
  } catch (error) {
    if ((error as Error).name === 'PasswordException') {
      throw new ParseFailure('encrypted', 'Read PDF: a password is needed');
    }
    throw new ParseFailure('damaged', 'Read PDF: its structure is broken', { cause: error });
  }
}

/** The title property, which is no part of the text: without it, or with a broken one, there is none. */
async function title(document: PdfDocument): Promise<string | undefined> {
  try {
    const { info } = await document.getMetadata();
    const { Title } = info as { Title?: unknown };
    return typeof Title === 'string' ? Title.replace(/^Microsoft Word - /, '') : undefined;
  } catch {
    return undefined;
  }
}
