import { type Annotation, isShown } from './page-values.ts';

/*
 * Signatures and stamps that lie on a page have their look in a drawing of their own: names and days as text in it are read,
 * one without text is handwriting or a picture.
 */

/** Numbers of the operations that are looked at. */
export interface DrawingOperations {
  beginAnnotation: number;
  endAnnotation: number;
  showText: number;
  moveText: number;
  nextLine: number;
  setTextMatrix: number;
}

/** Thousandths of the letters' size: a wider gap stands for a space. */
const wideGap = -180;
const longestText = 2_000;

/** Whether an annotation is seen as a drawing of its own. */
export function isDrawnMark(annotation: Annotation): boolean {
  const { subtype, fieldType, hasAppearance, rect = [] } = annotation;
  const isMark = subtype === 'Stamp' || (subtype === 'Widget' && fieldType === 'Sig');
  const [left = 0, low = 0, right = 0, high = 0] = rect;
  return isMark && isShown(annotation) && right - left >= 1 && high - low >= 1 && hasAppearance === true;
}

/** The texts that annotations draw, by their ids. */
export function drawnTexts(
  { fnArray, argsArray }: { fnArray: number[]; argsArray: unknown[] },
  operations: DrawingOperations,
): Map<string, string> {
  const texts = new Map<string, string>();
  let id: string | undefined;
  let text = '';
  let down: unknown;
  for (const [index, operation] of fnArray.entries()) {
    const given = (argsArray[index] ?? []) as unknown[];
    if (operation === operations.beginAnnotation) [id, text, down] = [String(given[0]), '', undefined];
    if (id === undefined) continue;
    if (operation === operations.endAnnotation) {
      texts.set(
        id,
        text
          .replaceAll(/[ \t]+/g, ' ')
          .replaceAll(/ ?\n\s*/g, '\n')
          .trim()
          .slice(0, longestText),
      );
      id = undefined;
    } else if (operation === operations.showText) text += shown(given[0]);
    else if (operation === operations.moveText) text += given[1] === 0 ? ' ' : '\n';
    else if (operation === operations.nextLine) text += '\n';
    else if (operation === operations.setTextMatrix) {
      const matrix = given.length === 1 ? (given[0] as ArrayLike<unknown>) : given;
      text += matrix[5] === down ? ' ' : '\n';
      down = matrix[5];
    }
  }
  return texts;
}

function shown(glyphs: unknown): string {
  if (!Array.isArray(glyphs)) return '';
  return (glyphs as ({ unicode?: string } | number | null)[])
    .map((glyph) => (typeof glyph === 'number' ? (glyph < wideGap ? ' ' : '') : (glyph?.unicode ?? '')))
    .join('');
}
