import { type Place, placeOf, type TextRun } from './text-run.ts';

/** Lines are further apart than their letters are high. */
const lineHeight = 1.2;

/** The runs of a page's upper and lower half, and the share of its height that its lines take. */
export function layerLines(items: readonly (TextRun | object)[], view: readonly number[]) {
  const [left = 0, low = 0, right = 0, high = 0] = view;
  const upper: (TextRun | object)[] = [];
  const lower: (TextRun | object)[] = [];
  const lines = new Map<number, number>();
  let height = 0;
  let isUpper = true;
  for (const item of items) {
    if ('str' in item && item.str.trim() !== '') {
      const { down, size } = placeOf(item.transform);
      const [a = 1, b = 0, c = 0, d = 1] = item.transform;
      const ends = [placeOf([a, b, c, d, left, low]), placeOf([a, b, c, d, right, high])].map((end: Place) => end.down);
      const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
      height = bottom - top;
      isUpper = down - top < height / 2;
      lines.set(Math.round(down / 3), Math.max(size, lines.get(Math.round(down / 3)) ?? 0));
    }
    (isUpper ? upper : lower).push(item);
  }
  const covered = [...lines.values()].reduce((sum, size) => sum + size * lineHeight, 0);
  return { upper, lower, coverage: height > 0 ? covered / height : 0 };
}

/** More lines are on no page; each recognized one is compared with all of them. */
const mostLines = 1_000;
const shortest = 6;
const alike = 0.75;

/** A recognized text without the lines that the layer has already, misread letters allowed for. */
export function withoutLines(text: string, layer: string): string {
  const known = [...new Set(layer.split('\n'))]
    .slice(0, mostLines)
    .map(pairsOf)
    .filter(({ size }) => size > 0);
  const all = new Set(known.flatMap((pairs) => [...pairs]));
  const isKnown = (line: string) => {
    if (letters(line).length < shortest) return false;
    const pairs = pairsOf(line);
    const common = (other: Set<string>) => [...pairs].filter((pair) => other.has(pair)).length;
    if (common(all) < pairs.size * alike) return false;
    return known.some((other) => common(other) >= pairs.size * alike);
  };
  return text
    .split('\n')
    .filter((line) => !isKnown(line))
    .join('\n');
}

const letters = (line: string) => line.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

function pairsOf(line: string): Set<string> {
  const all = letters(line);
  return new Set(Array.from({ length: Math.max(0, all.length - 1) }, (_, at) => all.slice(at, at + 2)));
}
