/** The main language of a text by its script: Russian from a third of Cyrillic letters on, as contracts quote Latin names. */
export function detectLanguage(text: string): 'ru' | 'en' {
  const sample = text.slice(0, 50_000);
  const cyrillic = sample.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return cyrillic > 0 && cyrillic * 2 >= latin ? 'ru' : 'en';
}
