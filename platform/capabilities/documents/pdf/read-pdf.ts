import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { ParseFailure } from '../contract.ts';
import { type Reader, requireAtMost } from '../reading.ts';
import { mendFonts } from './mend-fonts.ts';
import { pageLines } from './page-lines.ts';
import { createScanReader } from './scan-reader.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * A PDF page by page: its text layer, or, where a page has none and shows something, what is recognized on it. Nothing
 * is run or fetched.
 */
export const readPdf: Reader = async ({ bytes, again, limits, pagesBefore, languageFolders }, output) => {
  const scans = createScanReader(again, languageFolders, limits);
  const document = await openPdf(bytes);
  try {
    const pagesTotal = document.numPages;
    requireAtMost(limits.pages, pagesTotal, 'pages');
    output.pagesTotal(pagesTotal);
    for (let number = pagesBefore + 1; number <= pagesTotal; number += 1) {
      const page = await document.getPage(number);
      const { runs } = mendFonts((await page.getTextContent()).items);
      const text = pageLines(runs);
      page.cleanup();
      const recognized = await scans.read(number, text);
      await output.page(recognized ?? text, { recognized: recognized !== undefined });
    }
    // Ready with most of it missing would be worse than failed.
    if (scans.missed() * 2 > pagesTotal) {
      throw new ParseFailure('no-recognition', 'Read PDF: it is a scan, and text recognition is not installed');
    }
    return { hasPages: true, title: await title(document) };
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
