import { isPaperColour } from '../markup/colours.ts';
import type { Script } from '../markup/superscripts.ts';
import { symbolFont } from '../markup/symbol-fonts.ts';
import { type Namespaces, readXml, type XmlElement } from '../markup/xml-events.ts';
import { isOn } from './numbering.ts';

/*
 * How a run looks: what it says itself, else its character style, else its paragraph's style, else the document's
 * defaults (ECMA-376 part 1, 17.7.2), as far as that changes what the text says.
 */

export interface RunLook {
  vertical?: 'super' | 'sub' | 'none';
  /** Half points above the line. */
  raised?: number;
  /** Half points. */
  size?: number;
  hidden?: boolean;
  bold?: boolean;
  font?: string | undefined;
  /** In the colour of paper. */
  white?: boolean;
  /** On a ground of its own. */
  shaded?: boolean;
}

/** Takes over a property of a run. */
export function setRunProperty(look: RunLook, element: XmlElement): void {
  const value = element.attribute('w:val');
  switch (element.name) {
    case 'w:vertAlign':
      look.vertical = value === 'superscript' ? 'super' : value === 'subscript' ? 'sub' : 'none';
      break;
    case 'w:position':
      look.raised = Number.parseInt(value ?? '', 10) || 0;
      break;
    case 'w:sz':
      look.size = Number.parseInt(value ?? '', 10) || 0;
      break;
    case 'w:vanish':
      look.hidden = isOn(element);
      break;
    case 'w:b':
      look.bold = isOn(element);
      break;
    case 'w:color':
      look.white = isPaperColour(value) === true;
      break;
    case 'w:shd':
      look.shaded = isShading(element);
      break;
    case 'w:highlight':
      look.shaded = value !== 'none' && value !== 'white';
      break;
    case 'w:rFonts': {
      const name = ['w:ascii', 'w:hAnsi', 'w:h-ansi', 'w:cs'].map(element.attribute).find((each) => each !== undefined);
      look.font = element.attribute('w:asciiTheme') === undefined ? name : undefined;
    }
  }
}

/** Whether a shading is anything but white. */
export function isShading({ attribute }: XmlElement): boolean {
  const isPlain = /^(?:clear|nil)$/.test(attribute('w:val') ?? 'clear');
  const fill = attribute('w:fill') ?? 'auto';
  return !isPlain || attribute('w:themeFill') !== undefined || (fill !== 'auto' && isPaperColour(fill) !== true);
}

/** Raised by three points, or by less in smaller letters than those around. */
export function scriptOf({ vertical, raised = 0, size }: RunLook, usualSize: number): Script | undefined {
  if (vertical === 'super' || vertical === 'sub') return vertical;
  if (size !== undefined && size > usualSize) return undefined;
  const isSmall = size !== undefined && size < usualSize * 0.9;
  if (Math.abs(raised) < (isSmall ? 3 : 6)) return undefined;
  return raised > 0 ? 'super' : 'sub';
}

interface Style {
  basedOn: string | undefined;
  look: RunLook;
}

export interface RunStyles {
  /** What a run has from the styles of itself and of its paragraph. */
  look(character: string | undefined, paragraph: string | undefined): RunLook;
  /** Whether the first row of tables in this style is bold, if the table asks for it. */
  hasHeadings(tableStyle: string | undefined): boolean;
}

const longestChain = 20;
/** Ten points: Word's size where nothing gives one. */
export const plainSize = 20;

export function readRunStyles(bytes: Uint8Array | undefined, namespaces: Namespaces): RunStyles {
  const styles = new Map<string, Style>();
  const headed = new Set<string>();
  const defaults: RunLook = {};
  let usual: string | undefined;
  let id: string | undefined;
  let inDefaults = false;
  let firstRow = false;
  let part = 0;
  if (bytes) {
    readXml(bytes, namespaces, {
      open(element) {
        const style = id === undefined ? undefined : styles.get(id);
        if (element.name === 'w:style') {
          id = element.attribute('w:styleId') ?? '';
          styles.set(id, { basedOn: undefined, look: {} });
          const isUsual = ['1', 'true', 'on'].includes(element.attribute('w:default') ?? '');
          if (isUsual && element.attribute('w:type') === 'paragraph') usual = id;
        } else if (element.name === 'w:rPrDefault') inDefaults = true;
        else if (inDefaults) setRunProperty(defaults, element);
        else if (!style) return;
        else if (element.name === 'w:basedOn') style.basedOn = element.attribute('w:val');
        else if (element.name === 'w:tblStylePr') {
          part += 1;
          firstRow = element.attribute('w:type') === 'firstRow';
        } else if (part === 0) setRunProperty(style.look, element);
        else if (firstRow && id !== undefined && element.name === 'w:b' && isOn(element)) headed.add(id);
      },
      close(name) {
        if (name === 'w:style') id = undefined;
        if (name === 'w:rPrDefault') inDefaults = false;
        if (name === 'w:tblStylePr') part -= 1;
      },
      text: () => {},
    });
  }
  const chain = (name: string | undefined): RunLook => {
    const looks: RunLook[] = [];
    for (let step = 0; name !== undefined && step < longestChain; step += 1) {
      const style: Style | undefined = styles.get(name);
      if (style) looks.unshift(style.look);
      name = style?.basedOn;
    }
    return Object.assign({}, ...looks);
  };
  const known = new Map<string, RunLook>();
  return {
    look(character, paragraph) {
      const key = `${character ?? ''}\n${paragraph ?? ''}`;
      const found = known.get(key) ?? { ...defaults, ...chain(paragraph ?? usual), ...chain(character) };
      known.set(key, found);
      return found;
    },
    hasHeadings(name) {
      for (let step = 0; name !== undefined && step < longestChain; step += 1) {
        if (headed.has(name)) return true;
        name = styles.get(name)?.basedOn;
      }
      return false;
    },
  };
}

/** The font of symbols that a run is in, if it is in one. */
export const symbolFontOf = ({ font }: RunLook): string | undefined => symbolFont(font);
