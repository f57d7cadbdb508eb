import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';

export type PageWords = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;

export interface ReadPage {
  page: PDFPageProxy;
  /** None where they cannot be read. */
  words: PageWords;
}

/** Of each file: the way back to a citation needs them again. */
const MOST_KEPT = 8;
const NO_WORDS: PageWords = { items: [], styles: {}, lang: null };

const kept = new WeakMap<PDFDocumentProxy, Map<number, Promise<PageWords>>>();
/** Pages with marks that are being read. */
const urgent = new Set<Promise<unknown>>();

/**
 * Reads a page with its words. The worker reads all pages that it is asked for at the same time, so that those without marks wait for those
 * with marks.
 * @param number from 1
 * @returns undefined when the page is not wanted any more
 */
export function readPage(
  pdf: PDFDocumentProxy,
  number: number,
  { isMarked, isWanted }: { isMarked: boolean; isWanted: () => boolean },
): Promise<ReadPage | undefined> {
  const read = async (page: PDFPageProxy) => (isWanted() ? { page, words: await wordsOf(pdf, page) } : undefined);
  if (!isMarked) {
    // Pages with marks that come into view together with this one have begun by then.
    return pdf.getPage(number).then((page) => Promise.all(urgent).then(() => read(page)));
  }
  const reading = pdf.getPage(number).then(read);
  const forget = () => void urgent.delete(settled);
  const settled: Promise<void> = reading.then(forget, forget);
  urgent.add(settled);
  return reading;
}

function wordsOf(pdf: PDFDocumentProxy, page: PDFPageProxy): Promise<PageWords> {
  const pages = kept.get(pdf) ?? new Map<number, Promise<PageWords>>();
  kept.set(pdf, pages);
  const words = pages.get(page.pageNumber) ?? page.getTextContent().catch(() => NO_WORDS);
  pages.delete(page.pageNumber);
  pages.set(page.pageNumber, words);
  for (const old of pages.keys()) {
    if (pages.size <= MOST_KEPT) break;
    pages.delete(old);
  }
  return words;
}
