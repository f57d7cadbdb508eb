import { formatNumber, type NumberFormat } from '../markup/number-format.ts';
import { type Namespaces, readXml, type XmlElement } from '../markup/xml-events.ts';

/*
 * The numbers that Word computes and that a lawyer cites: "1.1", "(a)", "Статья 5". They stand in no paragraph; they
 * follow from the numbering part (ECMA-376 part 1, 17.9), the paragraph's style, and the paragraphs before.
 */

interface Level {
  start: number;
  format: string;
  /** `%1.%2` */
  text: string;
  style: string | undefined;
  /** All its numbers are decimal. */
  legal: boolean;
  /** The level (from 1) whose numbers begin this one again; 0 never. */
  restart: number | undefined;
}

interface Abstract {
  levels: (Level | undefined)[];
  /** It is defined by the numbering style of this name. */
  styleLink: string | undefined;
}

interface Instance {
  abstract: string;
  starts: (number | undefined)[];
  levels: (Level | undefined)[];
}

interface Style {
  basedOn: string | undefined;
  instance: string | undefined;
  level: number | undefined;
}

export interface NumberedParagraph {
  style: string | undefined;
  instance: string | undefined;
  level: number | undefined;
}

export interface Label {
  text: string;
  isBullet: boolean;
}

const deepestLevel = 8;
const longestChain = 20;

/** @returns what gives the label of each paragraph in order; undefined for those without one */
export function createNumbering(
  parts: { numbering: Uint8Array | undefined; styles: Uint8Array | undefined },
  namespaces: Namespaces,
): (paragraph: NumberedParagraph) => Label | undefined {
  const { abstracts, instances } = parts.numbering
    ? readNumbering(parts.numbering, namespaces)
    : { abstracts: new Map<string, Abstract>(), instances: new Map<string, Instance>() };
  const { styles, usual } = parts.styles
    ? readStyles(parts.styles, namespaces)
    : { styles: new Map(), usual: undefined };
  const counters = new Map<string, (number | undefined)[]>();
  const restarted = new Set<string>();

  const inherited = (style: string | undefined): Partial<Style> & { owner?: string } => {
    let name = style ?? usual;
    for (let step = 0; name !== undefined && step < longestChain; step += 1) {
      const found: Style | undefined = styles.get(name);
      if (found?.instance !== undefined) return { ...found, owner: name };
      name = found?.basedOn;
    }
    return {};
  };
  const definition = (instance: Instance, steps = 0): Abstract | undefined => {
    const abstract = abstracts.get(instance.abstract);
    if (abstract?.styleLink === undefined || steps > 5) return abstract;
    const linked = instances.get(styles.get(abstract.styleLink)?.instance ?? '');
    return linked && linked !== instance ? definition(linked, steps + 1) : abstract;
  };

  return ({ style, instance: named, level: direct }) => {
    const above = named === undefined ? inherited(style) : {};
    const id = named ?? above.instance;
    const instance = id === undefined || id === '0' ? undefined : instances.get(id);
    const abstract = instance && definition(instance);
    if (!id || !instance || !abstract) return undefined;
    const levelAt = (index: number) => instance.levels[index] ?? abstract.levels[index];
    const linked = abstract.levels.findIndex((each) => each?.style !== undefined && each.style === above.owner);
    const index = Math.min(direct ?? (linked >= 0 ? linked : (above.level ?? 0)), deepestLevel);
    const level = levelAt(index);
    if (!level) return undefined;

    const key = instance.abstract;
    const counts = counters.get(key) ?? [];
    counters.set(key, counts);
    const override = instance.starts[index];
    const begins = override !== undefined && !restarted.has(`${id} ${index}`);
    if (begins) restarted.add(`${id} ${index}`);
    const current = counts[index];
    counts[index] = begins ? override : current === undefined ? (override ?? level.start) : current + 1;
    for (let inner = index + 1; inner <= deepestLevel; inner += 1) {
      const restart = levelAt(inner)?.restart;
      if (restart === undefined || index < restart) counts[inner] = undefined;
    }
    if (level.format === 'bullet') return { text: '-', isBullet: true };
    const text = level.text.replaceAll(/%([1-9])/g, (_, digit: string) => {
      const position = Number(digit) - 1;
      const format = level.legal ? 'decimal' : (levelAt(position)?.format ?? 'decimal');
      return formatNumber(counts[position] ?? levelAt(position)?.start ?? 1, format as NumberFormat);
    });
    return text.trim() === '' ? undefined : { text: text.trim(), isBullet: false };
  };
}

const number = (value: string | undefined): number | undefined =>
  value !== undefined && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
const levelIndex = (element: XmlElement) =>
  Math.max(0, Math.min(number(element.attribute('w:ilvl')) ?? 0, deepestLevel));

function readNumbering(bytes: Uint8Array, namespaces: Namespaces) {
  const abstracts = new Map<string, Abstract>();
  const instances = new Map<string, Instance>();
  let abstract: Abstract | undefined;
  let instance: Instance | undefined;
  let level: Level | undefined;
  let override = 0;
  const value = (element: XmlElement) => element.attribute('w:val');
  const on: Record<string, (element: XmlElement) => void> = {
    'w:abstractNum'(element) {
      abstract = { levels: [], styleLink: undefined };
      abstracts.set(element.attribute('w:abstractNumId') ?? '', abstract);
    },
    'w:numStyleLink'(element) {
      if (abstract) abstract.styleLink = value(element);
    },
    'w:num'(element) {
      instance = { abstract: '', starts: [], levels: [] };
      instances.set(element.attribute('w:numId') ?? '', instance);
    },
    'w:abstractNumId'(element) {
      if (instance) instance.abstract = value(element) ?? '';
    },
    'w:lvlOverride'(element) {
      override = levelIndex(element);
    },
    'w:startOverride'(element) {
      if (instance) instance.starts[override] = number(value(element));
    },
    'w:lvl'(element) {
      level = { start: 1, format: 'decimal', text: '', style: undefined, legal: false, restart: undefined };
      (instance ?? abstract ?? { levels: [] }).levels[levelIndex(element)] = level;
    },
    'w:start'(element) {
      if (level) level.start = number(value(element)) ?? 1;
    },
    'w:numFmt'(element) {
      if (level) level.format = value(element) ?? 'decimal';
    },
    'w:lvlText'(element) {
      if (level) level.text = value(element)?.slice(0, 100) ?? '';
    },
    'w:pStyle'(element) {
      if (level) level.style = value(element);
    },
    'w:isLgl'(element) {
      if (level) level.legal = isOn(element);
    },
    'w:lvlRestart'(element) {
      if (level) level.restart = number(value(element));
    },
  };
  readXml(bytes, namespaces, {
    open: (element) => on[element.name]?.(element),
    close(name) {
      if (name === 'w:lvl') level = undefined;
      if (name === 'w:abstractNum') abstract = undefined;
      if (name === 'w:num') instance = undefined;
    },
    text: () => {},
  });
  return { abstracts, instances };
}

/** Switches are on without a value. */
export const isOn = (element: XmlElement): boolean =>
  !['0', 'false', 'off'].includes(element.attribute('w:val') ?? '1');

function readStyles(bytes: Uint8Array, namespaces: Namespaces) {
  const styles = new Map<string, Style>();
  let usual: string | undefined;
  let style: Style | undefined;
  readXml(bytes, namespaces, {
    open(element) {
      const value = element.attribute('w:val');
      if (element.name === 'w:style') {
        style = { basedOn: undefined, instance: undefined, level: undefined };
        const id = element.attribute('w:styleId') ?? '';
        styles.set(id, style);
        const isUsual = ['1', 'true', 'on'].includes(element.attribute('w:default') ?? '');
        if (isUsual && element.attribute('w:type') === 'paragraph') usual = id;
      } else if (style && element.name === 'w:basedOn') style.basedOn = value;
      else if (style && element.name === 'w:numId') style.instance = value;
      else if (style && element.name === 'w:ilvl') style.level = number(value);
    },
    close(name) {
      if (name === 'w:style') style = undefined;
    },
    text: () => {},
  });
  return { styles, usual };
}
