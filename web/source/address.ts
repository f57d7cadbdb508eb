/** The passage that is shown next to a screen, as the address carries it. Offsets count UTF-16 units of the stored text. */
export interface SourceAddress {
  doc?: string;
  start?: number;
  end?: number;
}

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Reads `?doc=&start=&end=`. What is malformed is left out: a page is then shown without a source. */
export function readSource(search: Record<string, unknown>): SourceAddress {
  const { doc, start, end } = search;
  if (typeof doc !== 'string' || doc === '') return {};
  if (!isOffset(start) || !isOffset(end) || end <= start) return { doc };
  return { doc, start, end };
}
