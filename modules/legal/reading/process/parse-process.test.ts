import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentFormat } from '../contract.ts';
import { bundleParser } from '../fixtures/bundle-parser.ts';
import { makeDoc } from '../fixtures/make-doc.ts';
import { makeDocx, paragraph } from '../fixtures/make-docx.ts';
import { makeOdt } from '../fixtures/make-odt.ts';
import { makePdf, makeRawPdf, pdfStream } from '../fixtures/make-pdf.ts';
import { makeScan } from '../fixtures/make-scan.ts';
import { findLanguages } from '../pdf/scans/recognition-languages.ts';
import { createDocumentParser, type DocumentParserOptions } from './parse-document.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-parse-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function parse(content: string | Buffer, format: DocumentFormat, options: DocumentParserOptions = {}) {
  const path = join(folder, `file.${format}`);
  await writeFile(path, content);
  return createDocumentParser(options).parse({ path, format });
}

const failure = (code: string) => expect.objectContaining({ name: 'ParseFailure', code });
const printed = [{ text: 'The tenant shall pay the rent every month.', down: 100 }];

const withLanguages = it.skipIf(findLanguages().size === 0);

describe('a scan', () => {
  withLanguages('is read by its pictures, under a stamp too', { timeout: 120_000 }, async () => {
    const { text, pageStarts } = await parse(await makeScan([printed], 'Envelope ID 4711'), 'pdf');
    expect(text).toContain('The tenant shall pay the rent every month.');
    expect(text.match(/Envelope ID 4711/g)).toHaveLength(1);
    expect(pageStarts).toEqual([0]);
  });

  withLanguages('is read under a stamp of many words', { timeout: 120_000 }, async () => {
    const stamp = `Signed electronically by Anna Sidorova for Example Limited, certificate ${'0123456789'.repeat(6)}, 12 March 2024`;
    const { text } = await parse(await makeScan([printed], stamp), 'pdf');
    expect(text).toContain('The tenant shall pay the rent every month.');
    expect(text.match(/Anna Sidorova/g)).toHaveLength(1);
  });

  withLanguages('is recognized where its text layer reads as no language', { timeout: 120_000 }, async () => {
    const layer = 'AoroBop apeHAbI HexWnoro noMeweHWA MeKAy CTopoHaMW W apeHAaTopoM cpoK oAWH roA';
    const { text } = await parse(await makeScan([printed], layer), 'pdf');
    expect(text).toContain('The tenant shall pay the rent every month.');
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
  let entry: string;
  const options = () => ({ entry });
  beforeAll(async () => {
    entry = await bundleParser(join(folder, 'bundle'));
  });

  it.each<[DocumentFormat, Buffer | string, string]>([
    ['pdf', makePdf([[{ text: 'Rent', down: 80 }]]), 'Rent'],
    ['docx', makeDocx(paragraph('Rent')), 'Rent'],
    ['doc', makeDoc([{ text: 'Rent' }]), 'Rent'],
    ['odt', makeOdt('<text:p>Rent</text:p>'), 'Rent'],
    ['rtf', '{\\rtf1 Rent}', 'Rent'],
    ['html', '<p>Rent</p>', 'Rent'],
    ['eml', 'Subject: x\r\n\r\nRent', 'Subject: x\n\nRent'],
  ])('reads %s as the unbundled one does', async (format, content, text) => {
    expect((await parse(content, format, options())).text).toBe(text);
  });

  withLanguages('reads a scan', { timeout: 120_000 }, async () => {
    expect((await parse(await makeScan([printed]), 'pdf', options())).text).toContain(printed[0]?.text);
  });
});
