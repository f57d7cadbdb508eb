/** Letters that look the same in both alphabets. */
const latin = 'aceopxyABCEHKMOPTXY';
const cyrillic = 'асеорхуАВСЕНКМОРТХУ';
const toCyrillic = new Map([...latin].map((letter, index) => [letter, cyrillic[index] as string]));
const toLatin = new Map([...cyrillic].map((letter, index) => [letter, latin[index] as string]));

/**
 * Recognized text with letters in the alphabet that their word is in, as their shapes alone do not tell. A word
 * of both alphabets takes the one that all its letters exist in; a word whose letters all look the same in both takes that of
 * the letters around it in its line. Words that have letters of one alphabet only stay as they are.
 */
export function mendScripts(text: string): string {
  return text.split('\n').map(mendLine).join('\n');
}

/** The same for words that differ only in the alphabet of letters that look alike. */
export const foldScripts = (word: string): string => convert([...word], toLatin);

function mendLine(line: string): string {
  const certain = { latin: 0, cyrillic: 0 };
  for (const letter of line) {
    if (isLatin(letter) && !toCyrillic.has(letter)) certain.latin += 1;
    if (isCyrillic(letter) && !toLatin.has(letter)) certain.cyrillic += 1;
  }
  return line.replaceAll(/\p{L}{1,60}/gu, (word) => {
    const letters = [...word];
    const latins = letters.filter(isLatin);
    const cyrillics = letters.filter(isCyrillic);
    if (latins.length + cyrillics.length < letters.length) return word;
    const mapsToLatin = cyrillics.every((letter) => toLatin.has(letter));
    const mapsToCyrillic = latins.every((letter) => toCyrillic.has(letter));
    if (mapsToLatin && mapsToCyrillic) {
      if (certain.latin > certain.cyrillic) return convert(letters, toLatin);
      return certain.cyrillic > certain.latin ? convert(letters, toCyrillic) : word;
    }
    if (latins.length === 0 || cyrillics.length === 0) return word;
    if (mapsToLatin) return convert(letters, toLatin);
    return mapsToCyrillic ? convert(letters, toCyrillic) : word;
  });
}

const isLatin = (letter: string) => /\p{Script=Latin}/u.test(letter);
const isCyrillic = (letter: string) => /\p{Script=Cyrillic}/u.test(letter);
const convert = (letters: string[], table: Map<string, string>) =>
  letters.map((letter) => table.get(letter) ?? letter).join('');
