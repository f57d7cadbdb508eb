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
