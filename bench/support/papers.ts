import { makeDocx, paragraph } from '../../modules/legal/reading/fixtures/make-docx.ts';
import { makePdf, type PdfLine } from '../../modules/legal/reading/fixtures/make-pdf.ts';
import { createText } from '../../tests/support/load/text.ts';

/** Characters of a page where a format has none, as translators count. */
export const PAGE_CHARACTERS = 1800;

const LINE_CHARACTERS = 80;
const LINES = 45;

/** An English PDF of so many full pages; its text, not its drawing, is what costs. */
export const pdfOf = (pages: number, seed: number): Buffer => makePdf(linesOf(pages, seed));

/** The lines of so many full English pages. */
export function linesOf(pages: number, seed: number): PdfLine[][] {
  const lines = wrap(createText('en', seed).legalText(pages * LINES * LINE_CHARACTERS * 1.2));
  return Array.from({ length: pages }, (_, page) =>
    lines.slice(page * LINES, (page + 1) * LINES).map((text, index) => ({ text, down: 60 + index * 16 })),
  );
}

/** A Russian DOCX of so many pages of 1,800 characters. */
export function docxOf(pages: number, seed: number): Buffer {
  const text = createText('ru', seed)
    .legalText(pages * PAGE_CHARACTERS)
    .slice(0, pages * PAGE_CHARACTERS);
  return makeDocx(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map(paragraph)
      .join(''),
  );
}

const wrap = (text: string): string[] => text.match(new RegExp(`[^\\n]{1,${LINE_CHARACTERS}}(?:\\s|$)`, 'g')) ?? [];
