/**
 * Text with the statistics of real text and no meaning: words of a made-up vocabulary, drawn by Zipf's law (the k-th
 * most frequent word comes 1/k times as often as the first), in sentences, clauses and articles. The same seed gives
 * the same text.
 */
export interface TextSource {
  words(count: number): string[];
  /** Articles of clauses, at least so many characters in all. */
  legalText(characters: number): string;
}

const VOCABULARY = 20_000;

const syllables = {
  ru: 'да ко ре ти ма но пра сто вле ния ра го лю бе зна че сло во мер тен дол жен пос тав арен кре дит бан из до ус луг'.split(
    ' ',
  ),
  en: 'con tra lea ser ten pro vi de li mit lo an ter es ta pay ment par ty ob la tion re new al sub ject ma te ri'.split(
    ' ',
  ),
};
const article = { ru: 'Статья', en: 'Article' };

export function createText(language: 'ru' | 'en', seed: number): TextSource {
  const vocabulary = Array.from({ length: VOCABULARY }, (_, index) => wordOf(syllables[language], index));
  const random = randomNumbers(seed);
  // Inverse of the harmonic sum, near enough: ln(k) is uniform.
  const word = () => vocabulary[Math.floor(Math.exp(random() * Math.log(VOCABULARY))) - 1] as string;
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const words = (count: number) => Array.from({ length: count }, word);
  const sentence = () => {
    const text = words(between(8, 22)).join(' ');
    return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
  };
  const clause = () => Array.from({ length: between(2, 5) }, sentence).join(' ');
  return {
    words,
    legalText(characters) {
      let text = '';
      for (let number = 1; text.length < characters; number++) {
        const clauses = Array.from({ length: between(3, 8) }, (_, index) => `${number}.${index + 1}. ${clause()}`);
        text += `${article[language]} ${number}. ${words(3).join(' ')}\n\n${clauses.join('\n')}\n\n`;
      }
      return text;
    },
  };
}

/** Frequent words are short, as in languages. */
function wordOf(parts: readonly string[], index: number): string {
  let word = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor(rest / parts.length)) word += parts[rest % parts.length];
  return word;
}

/** A linear congruential generator, for values from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
