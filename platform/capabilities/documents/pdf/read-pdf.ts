import { ParseFailure } from '../contract.ts';
import { type Reader, type ReadingOrder, requireAtMost } from '../reading.ts';
import { readAttachedFiles } from './attached-files.ts';
import { isGarbled as isGarbledText } from './language-likeness.ts';
import { layerLines } from './layer-lines.ts';
import { mendFonts } from './mend-fonts.ts';
import { openPdf, readInfo } from './open-pdf.ts';
import { pageLines } from './page-lines.ts';
import { type Annotation, withValues } from './page-values.ts';
import { isXfaCover, refuseRightsCover } from './placeholders.ts';
import { createScanReader, type TextLayer } from './scan-reader.ts';
import type { TextRun } from './text-run.ts';
import { xfaText } from './xfa-text.ts';

/** A page with more of its signs in fonts that could not be mended is read from its picture. */
const mostGarbled = 0.1;

/**
 * A PDF page by page: its text layer with the values that lie on it, or, where a page has none and shows something, what
 * is recognized on it. The texts of attached files stand behind the last page. Nothing is run or fetched.
 */
export const readPdf: Reader = async (order, output) => {
  const { bytes, again, limits, pagesBefore, languageFolders } = order;
  const scans = createScanReader(again, languageFolders, limits, output);
  const document = await openPdf(bytes);
  try {
    const pagesTotal = document.numPages;
    requireAtMost(limits.pages, pagesTotal, 'pages');
    output.pagesTotal(pagesTotal);
    const { title, hasXfa } = await readInfo(document);
    for (let number = pagesBefore + 1; number <= pagesTotal; number += 1) {
      const page = await document.getPage(number);
      const annotations = (await page.getAnnotations().catch(() => [])) as Annotation[];
      const { runs, garbled } = mendFonts((await page.getTextContent()).items);
      const layer = textLayer(withValues(runs, annotations), garbled, page.view);
      page.cleanup();
      const found = await scans.read(number, layer);
      if (found === 'missed') output.notice({ kind: 'page-not-read', page: number });
      const recognized = found === 'missed' ? undefined : found;
      let shown = recognized ?? layer.text;
      if (hasXfa && pagesTotal === 1 && isXfaCover(shown)) shown = await readXfa(order);
      if (number === pagesTotal) {
        const attached = await readAttachedFiles(document, order, output, shown);
        if (attached === '') refuseRightsCover(shown, pagesTotal);
        else shown += `\n\n${attached}`;
      }
      await output.page(shown, { recognized: recognized !== undefined });
    }
    // Ready with most of it missing would be worse than failed.
    if (scans.missed() * 2 > pagesTotal) {
      throw new ParseFailure('no-recognition', 'Read PDF: it is a scan, and text recognition is not installed');
    }
    return { hasPages: true, title };
  } finally {
    await document.loadingTask.destroy();
  }
};

function textLayer(runs: (TextRun | object)[], garbled: number, view: number[]): TextLayer {
  const { upper, lower, coverage } = layerLines(runs, view);
  const text = pageLines(runs);
  const signs = text.match(/\S/g)?.length ?? 0;
  const isGarbled = garbled > signs * mostGarbled || isGarbledText(text);
  return { text, upper: pageLines(upper), lower: pageLines(lower), coverage, isGarbled };
}

/** @throws ParseFailure `dynamic-form` where nothing of the form can be read */
async function readXfa({ again }: ReadingOrder): Promise<string> {
  const { readXfaPackets } = await import('./pictures.ts');
  const text = await readXfaPackets(await again())
    .then(xfaText)
    .catch(() => '');
  if (text === '') throw new ParseFailure('dynamic-form', 'Read PDF: it is a dynamic XFA form without readable texts');
  return text;
}
