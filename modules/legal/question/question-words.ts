import { askedStemsOf, type Span, words } from '../text/index.ts';

/** A word of a question with the stems it is found by; none for a stop word. */
export interface QuestionWord extends Span {
  stems: string[];
  /** Written as a name: large within a sentence, or with a figure. */
  isName: boolean;
}

/** The words of a question, in order. Where all are written large, or none, the writing tells nothing about names. */
export function questionWords(question: string): QuestionWord[] {
  const found = Array.from(words(question), (word) => {
    const { start, end } = word;
    const raw = question.slice(start, end);
    return {
      ...{ start, end, stems: askedStemsOf(word) },
      isLarge: /^\p{Lu}/u.test(raw),
      hasFigure: /\d/.test(raw),
      isFirst: beginsSentence(question, start),
    };
  });
  const content = found.filter((word) => word.stems.length > 0 && !word.hasFigure);
  const tells = content.some(({ isLarge }) => !isLarge);
  return found.map(({ isLarge, hasFigure, isFirst, ...word }) => ({
    ...word,
    isName: hasFigure || (tells && isLarge && !isFirst),
  }));
}

function beginsSentence(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 8), start).trimEnd();
  return before === '' ? start < 8 || /[\n\r]/.test(text.slice(start - 8, start)) : /[.?!:;]["»”)]?$/.test(before);
}
