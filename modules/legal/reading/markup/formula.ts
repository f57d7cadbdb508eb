import { type Script, scriptText } from './superscripts.ts';

/*
 * Formulas on one line, so that no two figures run together: 1/300, (a + b)/2, x², ∑_(i=1)^(n), √(x), [a, b; c, d].
 * Readers bring their markup into a tree of MathML's names.
 */

export interface FormulaNode {
  name: string;
  children: (FormulaNode | string)[];
  attribute(name: string): string | undefined;
}

/** A formula behind text that ends with this character, set apart so that the two do not read as one word or number. */
export const formulaBehind = (last: string, formula: string): string =>
  /[\p{L}\p{N}]/u.test(last) && /^[\p{L}\p{N}(]/u.test(formula) ? ` ${formula}` : formula;

const isSimple = (text: string) => /^[\p{L}\p{N}.,%]*$|^\([^()]*\)$/u.test(text);
const inBrackets = (text: string) => (isSimple(text) ? text : `(${text})`);

/** `1/300`, `(a + b)/2` */
export const fraction = (above: string, below: string): string => `${inBrackets(above)}/${inBrackets(below)}`;

/** `√(x + 1)`, `³√(x)` */
export const root = (of: string, degree = ''): string =>
  `${degree === '' || degree === '2' ? '' : script('', degree, 'super')}√${of.length === 1 ? of : `(${of})`}`;

/** `x²`, `x^(max)`, `a₁` */
export function script(base: string, text: string, kind: Script): string {
  if (text === '') return base;
  const written = scriptText(text, kind);
  const isApart = written !== text || /^[′″*°]+$/.test(text);
  return inBrackets(base) + (isApart ? written : `${kind === 'super' ? '^' : '_'}(${text})`);
}

/** `[a, b; c, d]` */
export const matrix = (rows: readonly (readonly string[])[]): string =>
  `[${rows.map((cells) => cells.join(', ')).join('; ')}]`;

/** Joins parts of a formula: a figure never joins the fraction or the figure behind it. */
export function joinFormula(parts: readonly { text: string; isFraction: boolean }[]): string {
  let joined = '';
  let afterFraction = false;
  for (const { text, isFraction } of parts) {
    const meets = (isFraction || afterFraction) && /[\p{L}\p{N})]$/u.test(joined) && /^[\p{L}\p{N}(]/u.test(text);
    joined += meets ? ` ${text}` : text;
    afterFraction = text === '' ? afterFraction : isFraction;
  }
  return joined;
}
