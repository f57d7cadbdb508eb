import { formatNumber, type NumberFormat } from '../markup/number-format.ts';
import type { XmlElement } from '../markup/xml-events.ts';

/*
 * Numbers of OpenDocument lists (OpenDocument 1.3 part 3, 5.3 and 16.30): computed from the list's style, its depth and
 * the items before, and found in no paragraph.
 */

interface Level {
  format: NumberFormat | 'bullet';
  start: number;
  prefix: string;
  suffix: string;
  /** How many levels, this one included, its label shows. */
  shown: number;
}

const formats: Record<string, NumberFormat> = {
  '1': 'decimal',
  a: 'lowerLetter',
  A: 'upperLetter',
  i: 'lowerRoman',
  I: 'upperRoman',
  '': 'none',
  'а, б, .., аа, аб, ... (ru)': 'russianLower',
  'А, Б, .., Аа, Аб, ... (ru)': 'russianUpper',
};
const deepestLevel = 10;

/** Styles of lists by name; that of numbered headings under the empty one. */
export type ListStyles = Map<string, (Level | undefined)[]>;

/** Gathers list styles from the elements of a part. */
export function createListStyleReader(styles: ListStyles): {
  open(element: XmlElement): void;
  close(name: string): void;
} {
  let current: (Level | undefined)[] | undefined;
  return {
    open({ name, attribute }) {
      if (name === 'text:list-style' || name === 'text:outline-style') {
        current = [];
        styles.set(name === 'text:outline-style' ? '' : (attribute('style:name') ?? ''), current);
      }
      const isNumber = name === 'text:list-level-style-number' || name === 'text:outline-level-style';
      if (!current || !(isNumber || name === 'text:list-level-style-bullet')) return;
      const depth = integer(attribute('text:level'), 1, 1, deepestLevel);
      const given = attribute('style:num-format') ?? '';
      current[depth - 1] = {
        format: isNumber ? (formats[given] ?? 'decimal') : 'bullet',
        start: integer(attribute('text:start-value'), 1, 0, 1_000_000),
        prefix: attribute('style:num-prefix')?.slice(0, 50) ?? '',
        suffix: attribute('style:num-suffix')?.slice(0, 50) ?? '',
        shown: integer(attribute('text:display-levels'), 1, 1, deepestLevel),
      };
    },
    close(name) {
      if (name === 'text:list-style' || name === 'text:outline-style') current = undefined;
    },
  };
}

export interface ListLabels {
  /** The label of the next item at a depth (from 1) of a style; undefined for one without. */
  next(style: string, depth: number): { text: string; isBullet: boolean } | undefined;
  /** A new list of this style begins at 1. */
  restart(style: string): void;
}

export function createListLabels(styles: ListStyles): ListLabels {
  const counters = new Map<string, (number | undefined)[]>();
  return {
    restart: (style) => void counters.delete(style),
    next(style, depth) {
      const levels = styles.get(style);
      const index = Math.min(depth, deepestLevel) - 1;
      const level = levels?.[index];
      if (!levels || !level) return undefined;
      if (level.format === 'bullet') return { text: '-', isBullet: true };
      const counts = (counters.get(style) ?? []).slice(0, index + 1);
      counters.set(style, counts);
      counts[index] = (counts[index] ?? level.start - 1) + 1;
      const first = Math.max(0, index - level.shown + 1);
      const numbers = levels
        .slice(first, index + 1)
        .map((each, offset) => ({ each, count: counts[first + offset] ?? each?.start ?? 1 }))
        .filter(({ each }) => each !== undefined && each.format !== 'bullet' && each.format !== 'none')
        .map(({ each, count }) => formatNumber(count, each?.format as NumberFormat));
      if (numbers.length === 0) return undefined;
      return { text: `${level.prefix}${numbers.join('.')}${level.suffix}`.trim(), isBullet: false };
    },
  };
}

/** An attribute that is a whole number, held within bounds. */
export function integer(value: string | undefined, usual: number, least: number, most: number): number {
  if (value === undefined || !/^\d{1,12}$/.test(value)) return usual;
  return Math.min(most, Math.max(least, Number(value)));
}
