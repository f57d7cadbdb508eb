/*
 * Which of the encodings of one byte a character a text is in, told by how it reads: the letters of one are the wrong
 * letters, or no letters, in each of the others.
 */

interface Language {
  /** What letters beyond ASCII count, the frequent ones more. */
  weights: ReadonlyMap<string, number>;
  /** Signs that its contracts use, and what each counts. */
  signs: string;
  signWeight: number;
  /** Its letters beyond ASCII stand in words of Latin letters, and hardly ever side by side. */
  isLatin: boolean;
}

const weigh = (letters: string, most: number, step: number) =>
  new Map([...letters].map((letter, rank) => [letter, most - rank * step]));

const russian: Language = {
  // «ё» is rare for being written as «е».
  weights: weigh('оеаинтсрвлкмдпуяыьгзбчйхжёшюцщэфъ', 16, 1),
  signs: '№§«»“”„‘’–—…•\u00a0€°',
  signWeight: 0,
  isLatin: false,
};
const western: Language = {
  weights: weigh('éèàüöäßóíñçáêúôâîøåæïëûùœ', 12, 0.25),
  signs: '§«»“”„‘’–—…•\u00a0£€°©®™½¼¾±×·',
  signWeight: 8,
  isLatin: true,
};

const UNLIKELY = -32;
const UNUSUAL = -16;

/** The frequent ones first: where two read the same, the first is taken. */
const encodings: [name: string, language: Language][] = [
  ['windows-1251', russian],
  ['koi8-r', russian],
  ['ibm866', russian],
  ['iso-8859-5', russian],
  ['x-mac-cyrillic', russian],
  ['windows-1252', western],
  ['macintosh', western],
];

/** Decodes a text that is no UTF-8 by the encoding in which it reads best. Never throws. */
export function decodeSingleByte(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, 64 * 1024);
  const scored = encodings.map(([name, language]) => ({
    name,
    score: score(new TextDecoder(name).decode(sample), language),
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  return new TextDecoder(best.name).decode(bytes);
}

/**
 * Higher for a text that reads like its language: frequent letters count for it. Against it count a capital behind a
 * small letter (what KOI8-R and windows-1251 make of each other), a word of Latin and Cyrillic letters (what CP866 makes
 * of typographic quotes, and windows-1251 of «é»), western letters side by side (what windows-1252 makes of Cyrillic)
 * and unusual signs.
 */
function score(text: string, { weights, signs, signWeight, isLatin }: Language): number {
  let total = 0;
  let previous: 'small' | 'capital' | 'latin' | 'other' = 'other';
  for (const character of text) {
    const small = character.toLowerCase();
    const weight = weights.get(small);
    if (weight !== undefined) {
      const isSmall = character === small;
      const unlikely = isLatin ? isLetterBeyond(previous) : previous === 'latin';
      total += unlikely || (previous === 'small' && !isSmall) ? UNLIKELY : weight;
      previous = isSmall ? 'small' : 'capital';
    } else if (/[a-z]/.test(small)) {
      if (!isLatin && isLetterBeyond(previous)) total += UNLIKELY;
      previous = 'latin';
    } else {
      if (character > '\u007f') total += signs.includes(character) ? signWeight : UNUSUAL;
      previous = 'other';
    }
  }
  return total;
}

const isLetterBeyond = (kind: string) => kind === 'small' || kind === 'capital';
