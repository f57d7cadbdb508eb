import type { Box } from './bitmap.ts';

/** A recognized word and where it stands. */
export interface WordBox extends Box {
  text: string;
  /** 0 to 100. */
  confidence: number;
  /** Words of one line share it. */
  line: string;
  /** Lines of one paragraph share it. */
  paragraph: string;
}

const wordLevel = '5';

/**
 * The words of Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
 * @param part where on the page the picture lies that was read
 */
export function readWords(table: string, part: Pick<Box, 'left' | 'top'>): WordBox[] {
  return table.split('\n').flatMap((row) => {
    const [level, , block, within, line, , left, top, width, height, confidence, text] = row.split('\t');
    if (level !== wordLevel || text === undefined || text.trim() === '') return [];
    const box = { left: part.left + Number(left), top: part.top + Number(top) };
    const paragraph = `${block} ${within}`;
    return [
      {
        ...box,
        right: box.left + Number(width),
        bottom: box.top + Number(height),
        confidence: Number(confidence),
        text: text.trim(),
        line: `${paragraph} ${line}`,
        paragraph,
      },
    ];
  });
}

/** Words in the order of recognition as text: lines, and a blank one between paragraphs. */
export function textOfWords(words: readonly WordBox[]): string {
  let text = '';
  let before: WordBox | undefined;
  for (const word of words) {
    if (before) text += word.line === before.line ? ' ' : word.paragraph === before.paragraph ? '\n' : '\n\n';
    text += word.text;
    before = word;
  }
  return text;
}
