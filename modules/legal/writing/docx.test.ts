import { FootnoteReferenceRun, InsertedTextRun, Paragraph } from 'docx';
import { describe, expect, it } from 'vitest';
import { readDocx } from '../reading/docx/read-docx.ts';
import { openZip } from '../reading/files/zip-archive.ts';
import { readWith } from '../reading/fixtures/read-with.ts';
import { docxRuns, writeDocx } from './docx.ts';

const write = (paragraphs: Paragraph[], notes: Record<number, string> = {}) =>
  writeDocx({
    title: 'Договор & \u0000<приложение>',
    sections: [{ children: paragraphs }],
    footnotes: Object.fromEntries(
      Object.entries(notes).map(([id, text]) => [id, { children: [new Paragraph({ children: docxRuns(text) })] }]),
    ),
  });
const text = async (bytes: Buffer) => (await readWith(readDocx, bytes)).text;
const part = async (bytes: Buffer, name: string) =>
  String((await openZip(bytes, { unpackedBytes: 10_000_000 })).read(name));

describe('writeDocx', () => {
  it('writes what our own reader reads, notes and inserted words too', async () => {
    const inserted = new InsertedTextRun({
      text: ' включая НДС',
      id: 1,
      author: 'Pandect',
      date: '2026-03-01T00:00:00Z',
    });
    const bytes = await write(
      [
        new Paragraph({ children: [...docxRuns('Цена 500 ₽'), inserted, new FootnoteReferenceRun(1)] }),
        new Paragraph({ children: docxRuns('Second line\nand its break') }),
      ],
      { 1: 'Договор, стр. 2' },
    );
    expect(await text(bytes)).toBe('Цена 500 ₽ включая НДС[1]\n\n[1] Договор, стр. 2\n\nSecond line\nand its break');
  });

  it('holds any text: markup, controls, halves of characters, emoji', async () => {
    const hostile = '<w:p>&amp;"\u0000\u0008\ud800 👩‍⚖️\u202eabc</w:p>';
    const bytes = await write([new Paragraph({ children: docxRuns(hostile) })], { 1: hostile });
    expect(await text(bytes)).toContain('<w:p>&amp;"\ufffd 👩‍⚖️abc</w:p>');
    expect(await part(bytes, 'docProps/core.xml')).toContain('Договор &amp; &lt;приложение&gt;');
  });

  it('marks what reads from right to left', async () => {
    const bytes = await write([new Paragraph({ children: docxRuns('Договор שלום עולם, пункт 2') })]);
    expect(await text(bytes)).toBe('Договор שלום עולם, пункт 2');
    expect((await part(bytes, 'word/document.xml')).match(/<w:rtl\/>/g)).toHaveLength(1);
  });
});
