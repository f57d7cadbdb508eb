import { isPaperColour } from '../markup/colours.ts';
import { symbolFont } from '../markup/symbol-fonts.ts';
import type { Look } from '../markup/text-flow.ts';
import type { XmlElement } from '../markup/xml-events.ts';

/*
 * How text looks by its styles (OpenDocument 1.3 part 3, 16.29 and 20.398): raised or lowered, bold, hidden, in a font of
 * symbols. A style has what it says itself, else what its parent has.
 */

export interface TextLook extends Look {
  hidden?: boolean;
  /** In the colour of paper. */
  white?: boolean;
  /** On a ground of its own. */
  shaded?: boolean;
  /** The name under which a font's signs are known; '' for a font of letters. */
  font?: string;
}

interface Style {
  parent: string | undefined;
  look: TextLook;
}

const longestChain = 20;

/** Styles of text and paragraphs by family and name. */
export type TextStyles = Map<string, Style>;

/** Gathers text styles from the elements of a part. */
export function createTextStyleReader(styles: TextStyles): {
  open(element: XmlElement): void;
  close(name: string): void;
} {
  let current: TextLook | undefined;
  return {
    open({ name, attribute }) {
      if (name === 'style:style') {
        current = {};
        const key = `${attribute('style:family')} ${attribute('style:name')}`;
        const parent = attribute('style:parent-style-name');
        styles.set(key, { parent: parent && `${attribute('style:family')} ${parent}`, look: current });
      } else if (name === 'style:text-properties' && current) setProperties(current, attribute);
      else if (name === 'style:paragraph-properties' && current) setGround(current, attribute);
    },
    close(name) {
      if (name === 'style:style') current = undefined;
    },
  };
}

function setProperties(look: TextLook, attribute: XmlElement['attribute']): void {
  const position = attribute('style:text-position');
  if (position !== undefined) {
    const height = position.startsWith('super')
      ? 33
      : position.startsWith('sub')
        ? -33
        : Number.parseFloat(position) || 0;
    look.script = Math.abs(height) < 5 ? undefined : height > 0 ? 'super' : 'sub';
  }
  const weight = attribute('fo:font-weight');
  if (weight !== undefined) look.bold = weight === 'bold' || Number(weight) >= 600;
  const display = attribute('text:display');
  if (display !== undefined) look.hidden = display === 'none';
  const color = attribute('fo:color');
  if (color !== undefined) look.white = isPaperColour(color) === true;
  setGround(look, attribute);
  const font = attribute('style:font-name') ?? attribute('fo:font-family');
  if (font !== undefined)
    look.font =
      symbolFont(font.replaceAll(/['"]/g, '').replace(/(?<=\D)\d$/, (digit) => (/^[23]$/.test(digit) ? digit : ''))) ??
      '';
}

function setGround(look: TextLook, attribute: XmlElement['attribute']): void {
  const ground = attribute('fo:background-color');
  if (ground !== undefined) look.shaded = ground !== 'transparent' && isPaperColour(ground) !== true;
}

/** What a style gives, with what its parents give. */
export function lookOf(styles: TextStyles, family: 'text' | 'paragraph', name: string | undefined): TextLook {
  const looks: TextLook[] = [];
  let key = name === undefined ? undefined : `${family} ${name}`;
  for (let step = 0; key !== undefined && step < longestChain; step += 1) {
    const style: Style | undefined = styles.get(key);
    if (style) looks.unshift(style.look);
    key = style?.parent;
  }
  return Object.assign({}, ...looks);
}
