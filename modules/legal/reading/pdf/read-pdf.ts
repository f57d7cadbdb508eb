import { getResolvedPDFJS } from 'unpdf';
import { ParseFailure } from '../contract.ts';
import { type PageStage, type Reader, type ReadingOrder, type ReadingOutput, requireAtMost } from '../reading.ts';
import { readAttachedFiles } from './attached-files.ts';
import { isGarbled as isGarbledText } from './fonts/language-likeness.ts';
import { drawnSigns, withLostSigns } from './fonts/lost-signs.ts';
import { type MendedRuns, mendFonts } from './fonts/mend-fonts.ts';
import { mayHideText } from './may-hide-text.ts';
import { openPdf, type PdfDocument, type PdfPage, readInfo } from './open-pdf.ts';
import { drawnTexts, isDrawnMark } from './pages/drawn-marks.ts';
import { layerLines } from './pages/layer-lines.ts';
import { pageLines, readPageLines } from './pages/page-lines.ts';
import { type Annotation, withValues } from './pages/page-values.ts';
import type { TextRun } from './pages/text-run.ts';
import { withoutUnseen } from './pages/unseen-runs.ts';
import { isXfaCover, refuseRightsCover } from './placeholders.ts';
import { createScanReader, type ScanReader, type TextLayer } from './scans/scan-reader.ts';
import type { SeenWords } from './scans/seen-words.ts';
import { xfaText } from './xfa-text.ts';

/** A page with more of its signs in fonts that could not be mended is read from its picture. */
const mostGarbled = 0.1;

/**
 * A PDF page by page: its text layer with the values that lie on it, or, where a page has none and shows something, what
 * is recognized on it. The texts of attached files stand behind the last page. Nothing is run or fetched.
 */
export const readPdf: Reader = async (order, output) => {
  const { bytes, again, limits, pagesBefore, languageFolders } = order;
  const scans = createScanReader(again, languageFolders, limits, output, { mayHideText: mayHideText(bytes) });
  const document = await openPdf(bytes);
  try {
    const pagesTotal = document.numPages;
    requireAtMost(limits.pages, pagesTotal, 'pages');
    output.pagesTotal(pagesTotal);
    const { title, hasXfa } = await readInfo(document);
    const failures: unknown[] = [];
    let hasText = pagesBefore > 0;
    for (let number = pagesBefore + 1; number <= pagesTotal; number += 1) {
      const stages = new Set(order.givenUp.filter(({ page }) => page === number).map(({ stage }) => stage));
      const read = stages.has('text') ? undefined : await readPage(document, number, stages, scans).catch(toFailure);
      if (read instanceof Error) failures.push(read);
      if (!read || read instanceof Error || read.isMissed) output.notice({ kind: 'page-not-read', page: number });
      else if (read.lacksSigns && !read.recognized) output.notice({ kind: 'page-uncertain', page: number });
      else if (read.hasUnclearTable) output.notice({ kind: 'columns-uncertain', page: number });
      if (read && !(read instanceof Error)) {
        if (read.hasInk) output.notice({ kind: 'ink-not-read', page: number });
        if (read.hasHiddenText) output.notice({ kind: 'hidden-text', page: number });
      }
      let { text, recognized, seen } = !read || read instanceof Error ? emptyPage : read;
      if (hasXfa && pagesTotal === 1 && isXfaCover(text)) text = await readXfa(order);
      if (number === pagesTotal) text = await withAttachedFiles(document, text, stages, order, output);
      hasText ||= text.trim() !== '';
      await output.page(text, { recognized, seen });
    }
    // Ready with most of it missing would be worse than failed.
    if (failures.length > 0 && (!hasText || failures.length * 2 > pagesTotal)) throw failures[0];
    if (scans.missed() * 2 > pagesTotal) {
      throw new ParseFailure('no-recognition', 'Read PDF: it is a scan, and text recognition is not installed');
    }
    return { hasPages: true, title };
  } finally {
    await document.loadingTask.destroy();
  }
};

interface ReadPage {
  text: string;
  recognized: boolean;
  /** The words of a recognized page. */
  seen?: SeenWords | undefined;
  /** It should have been recognized, and was not. */
  isMissed: boolean;
  /** Signs of its text may be missing. */
  lacksSigns: boolean;
  hasUnclearTable: boolean;
  /** A signature or a stamp without text lies on it. */
  hasInk: boolean;
  hasHiddenText: boolean;
}

const emptyPage: Pick<ReadPage, 'text' | 'recognized' | 'seen'> = { text: '', recognized: false };

async function readPage(
  document: PdfDocument,
  number: number,
  givenUp: ReadonlySet<PageStage>,
  scans: ScanReader,
): Promise<ReadPage> {
  const page = await document.getPage(number);
  const annotations = await readAnnotations(page);
  const { runs, garbled, lacksSigns } = await mendedRuns(page);
  const shown = withoutUnseen(runs, runs.length === 0 ? [] : await scans.unseen(number, givenUp));
  const layer = textLayer(withValues(shown, annotations), garbled, page.view);
  page.cleanup();
  const found = await scans.read(number, layer, givenUp);
  const recognized = found === 'missed' ? undefined : found;
  return {
    text: recognized?.text ?? layer.text,
    recognized: recognized !== undefined,
    seen: recognized?.seen,
    isMissed: found === 'missed',
    lacksSigns,
    hasHiddenText: shown.length < runs.length,
    hasInk: annotations.some((each) => isDrawnMark(each) && !each.drawn),
    hasUnclearTable: recognized === undefined && layer.hasUnclearTable,
  };
}

/** What lies on a page, signatures and stamps with the text that they show. */
async function readAnnotations(page: PdfPage): Promise<Annotation[]> {
  const annotations = (await page.getAnnotations().catch(() => [])) as Annotation[];
  if (!annotations.some(isDrawnMark)) return annotations;
  const { AnnotationMode, OPS } = await getResolvedPDFJS();
  const operators = await page.getOperatorList({ annotationMode: AnnotationMode.ENABLE }).catch(() => undefined);
  const texts = operators && drawnTexts(operators, OPS);
  return annotations.map((each) => (isDrawnMark(each) ? { ...each, drawn: texts?.get(each.id ?? '') } : each));
}

/** The runs of a page as what they show, with the signs that the library drops from fonts without a character map. */
async function mendedRuns(page: PdfPage): Promise<MendedRuns & { lacksSigns: boolean }> {
  const { items } = await page.getTextContent();
  const mended = mendFonts(items);
  if (mended.glyphFonts.size === 0) return { ...mended, lacksSigns: false };
  const { OPS } = await getResolvedPDFJS();
  const whole = withLostSigns(items, drawnSigns(await page.getOperatorList(), OPS), mended.glyphFonts);
  return whole ? { ...mendFonts(whole), lacksSigns: false } : { ...mended, lacksSigns: true };
}

/** What is wrong with one page; what is the matter with the whole document is thrown on. */
function toFailure(error: unknown): Error {
  if (error instanceof ParseFailure || !(error instanceof Error)) throw error;
  return error;
}

/** The last page with the files behind it. @throws ParseFailure `rights-managed` where the page is a cover around none */
async function withAttachedFiles(
  document: PdfDocument,
  text: string,
  givenUp: ReadonlySet<PageStage>,
  order: ReadingOrder,
  output: ReadingOutput,
): Promise<string> {
  if (givenUp.has('files')) {
    output.notice({ kind: 'attachment-not-read', page: null });
    return text;
  }
  await output.stage?.('files');
  const attached = await readAttachedFiles(document, order, output, text);
  if (attached === '') refuseRightsCover(text, document.numPages);
  return attached === '' ? text : `${text}\n\n${attached}`;
}

function textLayer(
  runs: (TextRun | object)[],
  garbled: number,
  view: number[],
): TextLayer & { hasUnclearTable: boolean } {
  const { upper, lower, coverage } = layerLines(runs, view);
  const { text, hasUnclearTable } = readPageLines(runs);
  const signs = text.match(/\S/g)?.length ?? 0;
  const isGarbled = garbled > signs * mostGarbled || isGarbledText(text);
  return { text, upper: pageLines(upper), lower: pageLines(lower), coverage, isGarbled, hasUnclearTable };
}

/** @throws ParseFailure `dynamic-form` where nothing of the form can be read */
async function readXfa({ again }: ReadingOrder): Promise<string> {
  const { readXfaPackets } = await import('./scans/pictures.ts');
  const text = await readXfaPackets(await again())
    .then(xfaText)
    .catch(() => '');
  if (text === '') throw new ParseFailure('dynamic-form', 'Read PDF: it is a dynamic XFA form without readable texts');
  return text;
}
