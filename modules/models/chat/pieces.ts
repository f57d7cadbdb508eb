const wordsPerPiece = 6;

/** A text in the pieces that a stream would bring it in. */
export const piecesOf = (text: string): string[] =>
  text.match(new RegExp(`(?:\\s*\\S+){1,${wordsPerPiece}}`, 'g')) ?? [];
