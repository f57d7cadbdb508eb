import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentFormat, ParsedDocument, RecognizedPage } from '../contract.ts';
import { bundledParser } from '../fixtures/bundled-programs.ts';
import { makeDoc } from '../fixtures/make-doc.ts';
import { makeDocx, paragraph } from '../fixtures/make-docx.ts';
import { makeOdt } from '../fixtures/make-odt.ts';
import { makePdf, makeRawPdf, pdfStream } from '../fixtures/make-pdf.ts';
import { makeScan } from '../fixtures/make-scan.ts';
import { findLanguages } from '../pdf/scans/recognition-languages.ts';
import { createDocumentParser, type DocumentParserOptions } from './parse-document.ts';

const entry = await bundledParser();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-parse-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function parse(content: string | Buffer, format: DocumentFormat, options: DocumentParserOptions = {}) {
  const path = join(folder, `file.${format}`);
  await writeFile(path, content);
  return createDocumentParser({ entry, ...options }).parse({ path, format });
}

const wordsOf = ({ words }: RecognizedPage) =>
  Array.from({ length: words.length / 6 }, (_, at) => words.slice(at * 6, at * 6 + 6) as [number, number, ...number[]]);

const failure = (code: string) => expect.objectContaining({ name: 'ParseFailure', code });
const printed = [{ text: 'The tenant shall pay the rent every month.', down: 100 }];

const hasLanguages = findLanguages().size > 0;
const withLanguages = it.skipIf(!hasLanguages);

describe('a scan', () => {
  /* Pages of one document, as each process loads the languages for itself. No two are alike, as what is on each would be taken away. */
  const longStamp = `Signed electronically by Anna Sidorova for Example Limited, certificate ${'0123456789'.repeat(6)}, 12 March 2024`;
  const garbled = 'AoroBop apeHAbI HexWnoro noMeweHWA MeKAy CTopoHaMW W apeHAaTopoM cpoK oAWH roA';
  let scan: ParsedDocument;
  beforeAll(async () => {
    if (!hasLanguages) return;
    const page = (text: string) => [{ text, down: 100 }];
    const others = [
      page('The landlord repairs the roof of the house.'),
      page('Either party may end the lease in spring.'),
    ];
    scan = await parse(await makeScan([printed, ...others], ['Envelope ID 4711', longStamp, garbled]), 'pdf');
  }, 120_000);
  const page = (number: number) => scan.text.slice(scan.pageStarts[number - 1], scan.pageStarts[number]);

  withLanguages('is read by its pictures, under a stamp too', () => {
    expect(page(1)).toContain('The tenant shall pay the rent every month.');
    expect(page(1).match(/Envelope ID 4711/g)).toHaveLength(1);
    expect(scan.pageStarts).toEqual([0, page(1).length, page(1).length + page(2).length]);
  });

  withLanguages('tells where its words stand on the page', () => {
    const [first, second] = scan.recognized;
    expect(first).toMatchObject({ page: 1, width: 595, height: 842 });
    const words = wordsOf(first as RecognizedPage).map(([start, end, ...box]) => ({
      text: scan.text.slice(start, end),
      box: box.map((tenths) => tenths / 10),
    }));
    expect(words.map(({ text }) => text).join(' ')).toBe('The tenant shall pay the rent every month');
    for (const [index, { box }] of words.entries()) {
      const [left = 0, top = 0, width = 0, height = 0] = box;
      expect(left).toBeGreaterThan(words[index - 1]?.box[0] ?? 70);
      // The line is drawn 100 points below the top of the page.
      expect(top).toBeGreaterThan(85);
      expect(top + height).toBeLessThan(106);
      expect(width).toBeGreaterThan(4);
    }
    const [start] = second?.words ?? [];
    expect(start).toBeGreaterThanOrEqual(scan.pageStarts[1] as number);
  });

  withLanguages('is read under a stamp of many words', () => {
    expect(page(2)).toContain('The landlord repairs the roof of the house.');
    expect(page(2).match(/Anna Sidorova/g)).toHaveLength(1);
  });

  withLanguages('is recognized where its text layer reads as no language', () => {
    expect(page(3)).toContain('Either party may end the lease in spring.');
  });

  withLanguages('has only so many pages recognized', { timeout: 120_000 }, async () => {
    const scan = await makeScan([printed]);
    await expect(parse(scan, 'pdf', { limits: { recognizedPages: 0 } })).rejects.toEqual(failure('too-large'));
  });

  it('says that recognition is not installed where it is not', async () => {
    await expect(parse(await makeScan([printed]), 'pdf', { languageFolders: [folder] })).rejects.toEqual(
      failure('no-recognition'),
    );
  });
});

describe('a page whose parts draw each other', () => {
  const form = (resources: string, content: string) =>
    pdfStream(`/Type /XObject /Subtype /Form /Resources << ${resources} >>`, content);
  const pattern = (resources: string, content: string) =>
    pdfStream(
      `/PatternType 1 /PaintType 1 /TilingType 1 /XStep 9 /YStep 9 /BBox [0 0 225 161] /Resources << ${resources} >>`,
      content,
    );

  const kinds: [string, string[]][] = [
    [
      'in a circle',
      [
        form('/XObject << /B 7 0 R >>', '/B Do'),
        form('/Pattern << /P 8 0 R >>', '/Pattern cs /P scn 0 0 224 160 re f 9 9 200 99 re f'),
        pattern('/XObject << /A 6 0 R >>', '/A Do'),
      ],
    ],
    [
      'many times over',
      Array.from({ length: 28 }, (_, index) =>
        form(
          `/XObject << /A ${7 + index} 0 R >> /Font << /F1 4 0 R >>`,
          index < 27 ? '/A Do /A Do' : 'BT /F1 9 Tf (x) Tj ET',
        ),
      ),
    ],
  ];

  it.each(kinds)('is given up soon %s', { timeout: 120_000 }, async (_, objects) => {
    const file = makeRawPdf({ content: '/A Do', resources: '/XObject << /A 6 0 R >>', objects });
    await expect(parse(file, 'pdf')).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:too-complex|crashed)$/),
    });
  });

  it.each(kinds)('leaves the other pages when it draws %s', { timeout: 120_000 }, async (_, objects) => {
    const first = 6 + objects.length;
    const page = (resources: string, content: number) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R /Resources << /Font << /F1 4 0 R >> ${resources} >> >>`;
    const file = makeRawPdf({
      content: 'BT /F1 11 Tf 72 700 Td (The rent is 4500 EUR.) Tj ET',
      kids: [`${first} 0 R`, `${first + 1} 0 R`],
      objects: [
        ...objects,
        page('/XObject << /A 6 0 R >>', first + 2),
        page('', first + 3),
        pdfStream('', '/A Do'),
        pdfStream('', 'BT /F1 11 Tf 72 700 Td (It is due on the first day.) Tj ET'),
      ],
    });
    const { text, pageStarts, notices } = await parse(file, 'pdf');
    expect(text).toBe('The rent is 4500 EUR.\nIt is due on the first day.');
    expect(pageStarts).toEqual([0, 21, 22]);
    expect(notices).toEqual([{ kind: 'page-not-read', page: 2 }]);
  });

  it('keeps its own text when only its picture is too much', { timeout: 120_000 }, async () => {
    const file = makeRawPdf({
      content: 'BT /F1 11 Tf 72 700 Td (The rent is 4500 EUR.) Tj ET /Im Do /A Do',
      resources: '/XObject << /A 6 0 R /Im 9 0 R >>',
      objects: [
        ...(kinds[0]?.[1] ?? []),
        pdfStream(
          '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray',
          '\0',
        ),
      ],
    });
    expect(await parse(file, 'pdf')).toMatchObject({
      text: 'The rent is 4500 EUR.',
      notices: [{ kind: 'picture-not-read', page: 1 }],
    });
  });
});

describe('a bundled parser process, confined to its own files', () => {
  it.each<[DocumentFormat, Buffer | string, string]>([
    ['pdf', makePdf([[{ text: 'Rent', down: 80 }]]), 'Rent'],
    ['docx', makeDocx(paragraph('Rent')), 'Rent'],
    ['doc', makeDoc([{ text: 'Rent' }]), 'Rent'],
    ['odt', makeOdt('<text:p>Rent</text:p>'), 'Rent'],
    ['rtf', '{\\rtf1 Rent}', 'Rent'],
    ['html', '<p>Rent</p>', 'Rent'],
    ['eml', 'Subject: x\r\n\r\nRent', 'Subject: x\n\nRent'],
  ])('reads %s as the unbundled one does', async (format, content, text) => {
    expect((await parse(content, format)).text).toBe(text);
  });
});
