/**
 * The main language of a document by its script: Russian from a third of Cyrillic letters on, as contracts quote Latin names. A
 * question is too short for that; `detectLanguage` of `modules/text` reads its small words.
 */
export function documentLanguage(text: string): 'ru' | 'en' {
  const sample = text.slice(0, 50_000);
  const cyrillic = sample.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return cyrillic > 0 && cyrillic * 2 >= latin ? 'ru' : 'en';
}
