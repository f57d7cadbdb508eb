import type { Element } from 'domhandler';
import { isPaperColour } from '../markup/colours.ts';
import type { Script } from '../markup/superscripts.ts';
import type { Style } from './css-rules.ts';

/** What no browser shows as text, or shows otherwise than as text of the page. */
const skipped = new Set(
  'script style title template iframe object embed svg noscript noframes del datalist audio video canvas rt rp head-only'.split(
    ' ',
  ),
);
/** Far enough outside of any page. */
const farOutside = -500;

const length = (value: string | undefined): number => {
  const [, number = '', unit = ''] = /^(-?[\d.]{1,9})\s?([a-z%]*)$/.exec(value ?? '') ?? [];
  return number === '' ? Number.NaN : Number(number) * (unit === 'em' || unit === 'rem' ? 16 : 1);
};

/** Whether an element is no text of the page, or the same text once more. */
export const isNoText = ({ name, attribs }: Element): boolean =>
  skipped.has(name) || (attribs.class !== undefined && /(?:^|\s)katex-html(?:\s|$)/.test(attribs.class));

/** Whether an element with all that is in it does not show. */
export function isHidden(element: Element, style: Style): boolean {
  const { name, attribs } = element;
  if (isNoText(element) || (name === 'dialog' && attribs.open === undefined)) return true;
  if (style.display === 'none' || style['mso-hide'] === 'all' || style['content-visibility'] === 'hidden') return true;
  // A rule that shows what the attribute hides wins, as in browsers.
  if (attribs.hidden !== undefined && style.display === undefined) return true;
  if (/^(?:0*\.?0+)(?:px|pt|em|rem|%)?$/.test(style['font-size'] ?? '')) return true;
  if (/^0*\.?0+%?$/.test(style.opacity ?? '')) return true;
  if (length(style['text-indent']) <= farOutside) return true;
  const isTaken = style.position === 'absolute' || style.position === 'fixed';
  if (isTaken && (length(style.left) <= farOutside || length(style.top) <= farOutside)) return true;
  if (
    isTaken &&
    /^rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)$/.test(style.clip ?? '')
  ) {
    return true;
  }
  const isTiny = length(style.width) <= 1 || length(style.height) <= 1;
  return isTiny && style.overflow === 'hidden';
}

/** Ground and letters, as far as they are known. */
export interface Colours {
  /** The letters have the colour of paper. */
  white: boolean;
  /** Something paints another ground than white, or may. */
  onGround: boolean;
}

/** Colours of an element from its own and those around it. */
export function coloursOf({ attribs, name }: Element, style: Style, around: Colours): Colours {
  const written =
    style.color ?? (name === 'font' ? attribs.color : undefined) ?? (name === 'body' ? attribs.text : undefined);
  const white = isPaperColour(written) ?? around.white;
  const color = style['background-color'] ?? style.background ?? attribs.bgcolor;
  const hasPicture = style['background-image'] !== undefined || attribs.background !== undefined;
  const isPaper = isPaperColour(color);
  const isPainted =
    hasPicture ||
    (isPaper !== true && color !== undefined && !/^(?:transparent|none|inherit|initial|unset)$/.test(color));
  return { white, onGround: isPainted || (isPaper === true ? false : around.onGround) };
}

const inline = new Set('span font a b i em small strong u code var'.split(' '));

/** Whether an element raises or lowers its text. */
export function scriptOf({ name }: Element, style: Style): Script | undefined {
  if (name === 'sup' || style['vertical-align'] === 'super') return 'super';
  if (name === 'sub' || style['vertical-align'] === 'sub') return 'sub';
  if (!inline.has(name)) return undefined;
  const raised = [length(style['vertical-align']), length(style['mso-text-raise'])].find((each) => !Number.isNaN(each));
  const moved = style.position === 'relative' && style['font-size'] !== undefined ? -length(style.top) : Number.NaN;
  const height = raised ?? moved;
  if (!(Math.abs(height) >= 2)) return undefined;
  return height > 0 ? 'super' : 'sub';
}

export const isBold = ({ name }: Element, style: Style): boolean | undefined => {
  const weight = style['font-weight'];
  if (weight !== undefined) return weight === 'bold' || weight === 'bolder' || Number(weight) >= 600;
  return name === 'b' || name === 'strong' || name === 'th' || undefined;
};
