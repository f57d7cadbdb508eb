/** Bytes of a whole that an object holds, `end` not among them. */
interface Range {
  start: number;
  end: number;
}

/** What of the pieces stands behind one another from the first byte on without a gap: of each the bytes from `from` on. */
export function* chainPieces<Piece extends Range>(pieces: readonly Piece[]): Generator<{ piece: Piece; from: number }> {
  const waiting = pieces.toSorted((a, b) => b.start - a.start);
  let reached = 0;
  let furthest: Piece | undefined;
  for (;;) {
    for (let next = waiting.at(-1); next && next.start <= reached; next = waiting.at(-1)) {
      waiting.pop();
      if (!furthest || next.end > furthest.end) furthest = next;
    }
    if (!furthest || furthest.end <= reached) return;
    yield { piece: furthest, from: reached - furthest.start };
    reached = furthest.end;
  }
}

/** How many bytes the pieces hold from the first one on. */
export const coveredBytes = (pieces: readonly Range[]): number => {
  let covered = 0;
  for (const { piece } of chainPieces(pieces)) covered = piece.end;
  return covered;
};
