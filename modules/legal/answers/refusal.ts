/** What a model is told to reply, and nothing else, when the passages do not hold the answer. */
export const refusalWord = 'NO_ANSWER';

const texts = {
  en: 'The documents do not contain an answer to this question.',
  ru: 'В документах нет ответа на этот вопрос.',
};

export const refusalText = (language: 'en' | 'ru'): string => texts[language];

/**
 * Turns a streamed reply that is the refusal word into a sentence in the reader's language. The first characters are held
 * back until it is clear that they are something else; quotation or emphasis around the word does not hide it.
 * `end` gives what is still held back.
 */
export function createRefusalFilter(language: 'en' | 'ru'): { push(text: string): string; end(): string } {
  let held = '';
  let state: 'undecided' | 'answering' | 'refused' = 'undecided';
  return {
    push(text) {
      if (state === 'answering') return text;
      if (state === 'refused') return '';
      held += text;
      const start = held.replace(/^[\s"'`*«“[(]+/u, '').toUpperCase();
      if (start.startsWith(refusalWord)) {
        state = 'refused';
        return refusalText(language);
      }
      if (refusalWord.startsWith(start)) return '';
      state = 'answering';
      return held;
    },
    end: () => (state === 'undecided' ? held : ''),
  };
}
