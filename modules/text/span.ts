/** A piece of a text, in UTF-16 code units. */
export interface Span {
  start: number;
  end: number;
}

export interface Word extends Span {
  /**
   * NFKC, lower case, ё as е, without accents, soft hyphens and other invisible characters; one that a line's end breaks is
   * whole; amounts, shares and days in the form of `figuresIn`, numbers in words in figures as well.
   */
  text: string;
  /** What else it may be found by: the halves of a broken word, the words in a figure or of a number. */
  parts?: string[];
}
