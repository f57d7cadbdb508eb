import { FootnoteReferenceRun, HeadingLevel, Paragraph, type ParagraphChild } from 'docx';
import { docxRuns, writeDocx } from '../docx.ts';
import { isRightToLeft } from '../printable.ts';
import { type AnswerBlock, readAnswer } from '../read-answer.ts';
import {
  dayOf,
  placeOf,
  quoted,
  type WrittenConversation,
  type WrittenMessage,
  type WrittenNote,
  wordsOf,
} from './written-conversation.ts';

/** Twentieths of a point. */
const ITEM_INDENT = 360;

/** A conversation as a Word document: every marker is a footnote with its quote. */
export function conversationDocx(conversation: WrittenConversation): Promise<Buffer> {
  const { title, owner, exportedAt, language, messages, isCut } = conversation;
  const words = wordsOf(language);
  const footnotes: Record<string, { children: Paragraph[] }> = {};
  const addNote = (note: WrittenNote): FootnoteReferenceRun => {
    const id = Object.keys(footnotes).length + 1;
    const text = `${placeOf(note, language)}: ${quoted(note.quote, language)}`;
    footnotes[id] = {
      children: [new Paragraph({ children: docxRuns(text), bidirectional: isRightToLeft(note.quote) })],
    };
    return new FootnoteReferenceRun(id);
  };
  const about = [words.exported(owner, dayOf(exportedAt, language)), ...(isCut ? [words.cut] : [])];
  const children = [
    new Paragraph({ heading: HeadingLevel.TITLE, children: docxRuns(title) }),
    ...about.map((text) => new Paragraph({ children: docxRuns(text, { italics: true }) })),
    ...messages.flatMap((message) => messageParagraphs(message, language, addNote)),
  ];
  return writeDocx({ title, sections: [{ children }], footnotes });
}

function messageParagraphs(
  { role, content, isIncomplete, notes, at }: WrittenMessage,
  language: WrittenConversation['language'],
  addNote: (note: WrittenNote) => FootnoteReferenceRun,
): Paragraph[] {
  const words = wordsOf(language);
  const isQuestion = role === 'user';
  const heading = new Paragraph({
    heading: HeadingLevel.HEADING_2,
    children: docxRuns(`${isQuestion ? words.question : words.answer}, ${dayOf(at, language)}`),
  });
  const blocks = isQuestion ? plainBlocks(content) : readAnswer(content, notes.length);
  const paragraphs = blocks.map(
    ({ kind, label, pieces }) =>
      new Paragraph({
        bidirectional: isRightToLeft(pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')),
        ...(kind === 'item' && { indent: { left: ITEM_INDENT, hanging: ITEM_INDENT } }),
        children: [
          ...(label ? docxRuns(`${label} `) : []),
          ...pieces.flatMap((piece): ParagraphChild[] => {
            if (piece.kind === 'text') return docxRuns(piece.text, { bold: piece.isBold || kind === 'heading' });
            const note = notes[piece.number - 1];
            return note ? [addNote(note)] : [];
          }),
        ],
      }),
  );
  const end = isIncomplete ? [new Paragraph({ children: docxRuns(words.incomplete, { italics: true }) })] : [];
  return [heading, ...paragraphs, ...end];
}

/** What a person wrote is shown as it was written. */
export const plainBlocks = (text: string): AnswerBlock[] => [
  { kind: 'paragraph', label: '', pieces: [{ kind: 'text', text, isBold: false }] },
];
