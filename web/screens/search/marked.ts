export interface Stretch {
  text: string;
  isMarked: boolean;
}

/** A passage cut at its highlights. @param start of the passage in the document, which highlights count in as well */
export function stretchesOf(
  text: string,
  start: number,
  highlights: readonly { start: number; end: number }[],
): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const highlight of [...highlights].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, highlight.start - start);
    const to = Math.min(text.length, highlight.end - start);
    if (to <= from) continue;
    if (from > at) stretches.push({ text: text.slice(at, from), isMarked: false });
    stretches.push({ text: text.slice(from, to), isMarked: true });
    at = to;
  }
  if (at < text.length) stretches.push({ text: text.slice(at), isMarked: false });
  return stretches;
}

/** Characters in front of the first highlight that are shown. */
const LEAD = 240;

/** Where a passage is shown from, so that its first highlight is seen: at its beginning, or at a word in front of that. */
export function leadOf(text: string, start: number, highlights: readonly { start: number }[]): number {
  const first = Math.min(...highlights.map((highlight) => highlight.start)) - start;
  if (!Number.isFinite(first) || first <= LEAD * 1.5) return 0;
  const space = text.indexOf(' ', Math.min(first, text.length) - LEAD);
  return space === -1 || space >= first ? 0 : space + 1;
}
