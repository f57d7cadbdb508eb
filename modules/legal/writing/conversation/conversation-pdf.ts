import { setImmediate as turn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { layOutLines, type Measure, type PdfWord, wordsOfPieces } from '../pdf-lines.ts';
import { isRightToLeft, printable } from '../printable.ts';
import { type AnswerBlock, readAnswer } from '../read-answer.ts';
import { plainBlocks } from './conversation-docx.ts';
import {
  dayOf,
  placeOf,
  quoted,
  type WrittenConversation,
  type WrittenMessage,
  wordsOf,
} from './written-conversation.ts';

/** TrueType fonts with Cyrillic letters. */
export interface PdfFonts {
  regular: Buffer;
  bold: Buffer;
}

/** Points: A4 with margins. */
const [LEFT, RIGHT, TOP, BOTTOM] = [60, 535, 60, 780];
const ITEM_INDENT = 18;
const LINE_HEIGHT = 1.4;
const NOTE_SCALE = 0.65;
const TEXT = 10.5;
/** What the library calls the first font: under any other name it would read it again and again. */
const REGULAR = 'DejaVuSans';
const BOLD = 'bold';

interface Style {
  size: number;
  indent?: number;
  color?: string;
}

/** A conversation as a PDF: every marker leads to its note below the answer, with the quote. */
export async function conversationPdf(conversation: WrittenConversation, fonts: PdfFonts): Promise<Buffer> {
  const { title, owner, exportedAt, language, messages, isCut } = conversation;
  const words = wordsOf(language);
  const page = new PDFDocument({
    ...{ size: 'A4', margin: 0, lang: language },
    // A font at once, or the library looks for one of its own next to itself.
    font: fonts.regular as never,
    info: { Title: printable(title), Author: 'Pandect', CreationDate: exportedAt, ModDate: exportedAt },
  });
  const bytes = Array.fromAsync(page as unknown as AsyncIterable<Buffer>);
  page.registerFont(BOLD, fonts.bold);
  page.y = TOP;
  const writer = createWriter(page);
  writer.write(wordsOfText(title, true), { size: 16 });
  writer.write(wordsOfText(words.exported(owner, dayOf(exportedAt, language))), {
    size: 9,
    color: '#555555',
  });
  if (isCut) writer.write(wordsOfText(words.cut), { size: 9, color: '#555555' });
  for (const [index, message] of messages.entries()) {
    writeMessage(writer, message, { language, name: `m${index}` });
    // Long conversations let others have their turn.
    await turn();
  }
  page.end();
  return Buffer.concat(await bytes);
}

type Writer = ReturnType<typeof createWriter>;

function writeMessage(
  writer: Writer,
  { role, content, at, isIncomplete, notes }: WrittenMessage,
  { language, name }: { language: WrittenConversation['language']; name: string },
): void {
  const words = wordsOf(language);
  const isQuestion = role === 'user';
  writer.skip(10);
  const heading = `${isQuestion ? words.question : words.answer}, ${dayOf(at, language)}`;
  writer.write(wordsOfText(heading, true), { size: 11, color: isQuestion ? '#1d4ed8' : '#111111' });
  for (const block of isQuestion ? plainBlocks(content) : readAnswer(content, notes.length)) {
    writer.write(blockWords(block), { size: TEXT, indent: block.kind === 'item' ? ITEM_INDENT : 0 }, name);
  }
  if (isIncomplete) writer.write(wordsOfText(words.incomplete), { size: 9, color: '#555555' });
  if (notes.length === 0) return;
  writer.skip(4);
  writer.write(wordsOfText(words.notes, true), { size: 9 });
  notes.forEach((note, index) => {
    const text = `[${index + 1}] ${placeOf(note, language)}: ${quoted(note.quote, language)}`;
    writer.target(`${name}n${index + 1}`);
    writer.write(wordsOfText(text), { size: 8.5, indent: ITEM_INDENT, color: '#333333' });
  });
}

const blockWords = ({ kind, label, pieces }: AnswerBlock): PdfWord[] =>
  wordsOfPieces([
    ...(label ? [{ text: `${label} ` }] : []),
    ...pieces.map((piece) =>
      piece.kind === 'note'
        ? { text: `[${piece.number}]`, note: piece.number }
        : { text: printable(piece.text), isBold: piece.isBold || kind === 'heading' },
    ),
  ]);

const wordsOfText = (text: string, isBold = false): PdfWord[] => wordsOfPieces([{ text: printable(text), isBold }]);

function createWriter(page: PDFKit.PDFDocument) {
  const widths = new Map<string, number>();
  const choose = (word: PdfWord, size: number) =>
    page.font(word.isBold ? BOLD : REGULAR).fontSize(word.note === undefined ? size : size * NOTE_SCALE);
  const widthOf = (word: PdfWord, size: number): number => {
    const key = `${word.isBold} ${word.note === undefined} ${size} ${word.text}`;
    const known = widths.get(key) ?? choose(word, size).widthOfString(word.text);
    widths.set(key, known);
    return known;
  };
  const room = (height: number) => {
    if (page.y + height <= BOTTOM) return;
    page.addPage();
    page.y = TOP;
  };
  return {
    skip(points: number) {
      page.y += points;
    },
    /** Where links with this name lead. */
    target(name: string) {
      room(TEXT * LINE_HEIGHT);
      page.addNamedDestination(name, 'XYZ', LEFT, page.y, null);
    },
    /** @param scope of the notes that the words name */
    write(words: readonly PdfWord[], { size, indent = 0, color = '#111111' }: Style, scope = '') {
      const measure: Measure = { word: (word) => widthOf(word, size), space: size * 0.32 };
      const text = words.map((word) => word.text).join(' ');
      const lines = layOutLines(words, { width: RIGHT - LEFT - indent, isRightToLeft: isRightToLeft(text), measure });
      for (const line of lines) {
        room(size * LINE_HEIGHT);
        const top = page.y;
        for (const word of line) {
          const isNote = word.note !== undefined;
          choose(word, size).fillColor(isNote ? '#1d4ed8' : color);
          const link = isNote && scope ? { goTo: `${scope}n${word.note}` } : {};
          page.text(word.text, LEFT + indent + word.x, top, { lineBreak: false, ...link });
        }
        page.y = top + size * LINE_HEIGHT;
      }
    },
  };
}
