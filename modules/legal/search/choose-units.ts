/** A ranked chunk with its place: the unit that contains it. */
export interface PlacedChunk {
  documentId: string;
  unitStart: number;
  unitEnd: number;
  score: number;
}

/** Units of one document before those of others have their turn, when a question names no document. */
const fromOneDocument = 3;

/**
 * The units of ranked chunks, each once with its best chunk, best first. With `diverse`, what is more than three units
 * of one document goes behind the others.
 */
export function chooseUnits<T extends PlacedChunk>(ranked: readonly T[], limit: number, diverse: boolean): T[] {
  const seen = new Set<string>();
  const ofDocument = new Map<string, number>();
  const first: T[] = [];
  const later: T[] = [];
  for (const chunk of ranked) {
    const unit = `${chunk.documentId} ${chunk.unitStart}`;
    if (seen.has(unit)) continue;
    seen.add(unit);
    const number = (ofDocument.get(chunk.documentId) ?? 0) + 1;
    ofDocument.set(chunk.documentId, number);
    (diverse && number > fromOneDocument ? later : first).push(chunk);
  }
  return [...first, ...later].slice(0, limit);
}
