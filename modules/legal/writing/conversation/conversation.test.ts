import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { readDocx } from '../../reading/docx/read-docx.ts';
import { readWith } from '../../reading/fixtures/read-with.ts';
import { conversationDocx } from './conversation-docx.ts';
import { conversationPdf } from './conversation-pdf.ts';
import type { WrittenConversation, WrittenMessage, WrittenNote } from './written-conversation.ts';

const font = (name: string) =>
  readFile(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/DejaVuSans${name}.ttf`));
const fonts = { regular: await font(''), bold: await font('-Bold') };

const at = new Date('2026-03-01T10:00:00Z');
const note: WrittenNote = {
  title: 'Договор поставки',
  page: 2,
  quote: 'Срок поставки — десять дней.',
  document: { version: 3, uploadedAt: new Date('2026-02-03T00:00:00Z'), dated: '2025-12-31' },
};
const gone: WrittenNote = { title: 'Lease', page: null, quote: 'The rent is 500.' };
const question: WrittenMessage = { role: 'user', content: 'Какой срок?', at, isIncomplete: false, notes: [] };
const answer: WrittenMessage = {
  ...{ role: 'assistant', at, isIncomplete: false, notes: [note, gone] },
  content: 'Срок — **десять** дней [1].\n\n1. Аренда [2], см. также [1]',
};
const conversation = (changes: Partial<WrittenConversation> = {}): WrittenConversation => ({
  ...{ title: 'Сроки', owner: 'anna@example.org', exportedAt: at, language: 'ru', isCut: false },
  messages: [question, answer],
  ...changes,
});
const place = 'Договор поставки, от 31 декабря 2025 г., версия 3, загружен 3 февраля 2026 г., стр. 2';

const docxText = async (written: WrittenConversation) =>
  (await readWith(readDocx, await conversationDocx(written))).text;
async function pdfText(written: WrittenConversation) {
  const bytes = await conversationPdf(written, fonts);
  const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  return { text: text.replaceAll(/\s+/g, ' '), pages: totalPages };
}

describe('a conversation as a Word document', () => {
  it('has question and answer, and every marker as a footnote with its quote and place', async () => {
    expect(await docxText(conversation())).toBe(
      [
        'Сроки',
        'Беседа пользователя anna@example.org, выгружена 1 марта 2026 г.',
        'Вопрос, 1 марта 2026 г.',
        'Какой срок?',
        'Ответ, 1 марта 2026 г.',
        'Срок — десять дней [1].',
        `[1] ${place}: «Срок поставки — десять дней.»`,
        '1. Аренда [2], см. также [3]',
        '[2] Lease, документ удалён: «The rent is 500.»',
        `[3] ${place}: «Срок поставки — десять дней.»`,
      ].join('\n\n'),
    );
  });

  it('says what is left out and what was stopped, in English as well', async () => {
    const text = await docxText(
      conversation({ language: 'en', isCut: true, messages: [question, { ...answer, isIncomplete: true }] }),
    );
    for (const words of [
      'Earlier messages are left out.',
      'stopped before its end',
      'dated 31 December 2025, version 3, uploaded on 3 February 2026, page 2: “',
    ])
      expect(text).toContain(words);
  });
});

describe('a conversation as a PDF', () => {
  it('has question and answer, and below it a note with quote and place for every marker', async () => {
    const { text } = await pdfText(conversation());
    for (const words of [
      'Сроки',
      'Какой срок?',
      'Срок — десять дней [1].',
      '1. Аренда [2], см. также [1]',
      `[1] ${place}: «Срок поставки — десять дней.»`,
      '[2] Lease, документ удалён',
    ])
      expect(text).toContain(words);
  });

  it('gives the same bytes for the same conversation, over as many pages as it takes', async () => {
    const long = conversation({ messages: Array.from({ length: 60 }, () => [question, answer]).flat() });
    const [one, two] = [await conversationPdf(long, fonts), await conversationPdf(long, fonts)];
    expect(one.equals(two)).toBe(true);
    expect((await pdfText(long)).pages).toBeGreaterThan(5);
  });
});

describe.each([
  ['controls', 'a\u0000\u0008\u001b[31mb\ud800'],
  ['emoji', 'Да 👩‍⚖️👍🏽'],
  ['right to left', 'שלום עולם 5, ok مرحبا بالعالم'],
  ['markup', '<w:p>&amp;</w:p> %PDF ]]> (a) \\'],
  ['a long word', 'x'.repeat(3_000)],
  ['nothing', ' '],
])('text with %s', (_, text) => {
  it('is written in either format', async () => {
    const hostile = { ...answer, content: `${text} [1] end`, notes: [{ ...note, title: text, quote: text }] };
    const written = conversation({ title: text, messages: [{ ...question, content: text }, hostile] });
    expect(await docxText(written)).toContain('end');
    expect((await pdfText(written)).text).toContain('end');
  });
});
