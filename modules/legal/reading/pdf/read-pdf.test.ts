import { describe, expect, it } from 'vitest';
import { withEmbedded } from '../files/embedded-files.ts';
import { makePdf, makeRawPdf, pdfStream } from '../fixtures/make-pdf.ts';
import { readWith } from '../fixtures/read-with.ts';
import { readers } from '../readers.ts';
import { readPdf } from './read-pdf.ts';

const read = (parts: Parameters<typeof makeRawPdf>[0]) => readWith(readPdf, makeRawPdf(parts));
const text = (words: string) => `BT /F1 12 Tf 72 720 Td (${words}) Tj ET`;

describe('readPdf', () => {
  it('reads the values of fields and boxes where they are seen', async () => {
    const field = '<< /Subtype /Widget /FT /Tx /T (rent) /V (4500 EUR) /Rect [300 710 500 730] /F 4 >>';
    const hidden = '<< /Subtype /Widget /FT /Tx /T (old) /V (9999) /Rect [300 690 500 705] /F 2 >>';
    const form = {
      catalog: '/AcroForm << /Fields [6 0 R 7 0 R] >>',
      page: '/Annots [6 0 R 7 0 R]',
      objects: [field, hidden],
    };
    expect((await read({ content: text('The rent is:'), ...form })).text).toBe('The rent is: 4500 EUR');
  });

  it('reads the text that a signature or a stamp shows, and notices one without text', async () => {
    const drawing = (content: string) =>
      pdfStream('/Type /XObject /Subtype /Form /BBox [0 0 200 40] /Resources << /Font << /F1 4 0 R >> >>', content);
    const mark = (kind: string, rect: string, at: number) =>
      `<< /Type /Annot ${kind} /Rect [${rect}] /F 4 /AP << /N ${at} 0 R >> >>`;
    const signature = '/Subtype /Widget /FT /Sig /T (sig)';
    const found = await read({
      content: text('Signed by:'),
      page: '/Annots [6 0 R 7 0 R 8 0 R 9 0 R]',
      catalog: '/AcroForm << /Fields [6 0 R 8 0 R 9 0 R] /SigFlags 3 >>',
      objects: [
        mark(signature, '140 705 340 745', 10),
        mark('/Subtype /Stamp', '300 500 500 540', 11),
        mark(signature, '300 300 500 340', 12),
        mark(signature, '0 0 0 0', 10),
        drawing('BT /F1 10 Tf 2 20 Td [(Anna) -400 (Sidorova)] TJ 0 -12 Td (2024-03-12) Tj ET'),
        drawing('BT /F1 10 Tf 2 20 Td (TRUE COPY) Tj ET'),
        drawing('0 0 m 100 40 l S'),
      ],
    });
    expect(found.text.split(/\n+/)).toEqual(['Signed by: Anna Sidorova', '2024-03-12', 'TRUE COPY']);
    expect(found.notices).toEqual([{ kind: 'ink-not-read', page: 1 }]);
  });

  it('leaves out text that no reader sees, and notices it', async () => {
    const content = [
      text('The rent is 10.'),
      '1 1 1 rg BT /F1 12 Tf 72 690 Td (The rent is 99.) Tj ET',
      'BT 3 Tr /F1 12 Tf 72 660 Td (The rent is 98.) Tj ET',
      '0 0 0.5 rg 60 590 300 40 re f 1 1 1 rg BT 0 Tr /F1 12 Tf 72 600 Td (Heading on blue) Tj ET',
      '1 g 60 540 300 40 re f BT /F1 12 Tf 72 550 Td (The rent is 97.) Tj ET 0 g',
      text('').replace('720', '500').replace('()', '(It is paid monthly.)'),
    ].join('\n');
    const found = await read({ content });
    expect(found.text.split(/\n+/)).toEqual(['The rent is 10.', 'Heading on blue', 'It is paid monthly.']);
    expect(found.notices).toEqual([{ kind: 'hidden-text', page: 1 }]);
  });

  it('reads the text that recognition has put over a scan, without a look at the picture', async () => {
    const stages: string[] = [];
    const lines = Array.from(
      { length: 30 },
      (_, line) => `1 0 0 1 72 ${760 - line * 20} Tm (The tenant pays rent ${line} of the whole house in time.) Tj`,
    );
    const bytes = makeRawPdf({
      content: `q 595 0 0 842 0 0 cm /Im Do Q BT 3 Tr /F1 12 Tf ${lines.join(' ')} ET`,
      resources: '/XObject << /Im 6 0 R >>',
      objects: [
        pdfStream(
          '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray',
          '\u00f0',
        ),
      ],
    });
    const pages: string[] = [];
    const again = async () => Buffer.from(bytes);
    const limits = { pages: 10, recognizedPages: 10, characters: 100_000, unpackedBytes: 100_000 };
    const order = { bytes: await again(), again, limits, pagesBefore: 0, givenUp: [], languageFolders: [] };
    await readPdf(withEmbedded(order, readers), {
      pagesTotal: () => {},
      page: async (page) => void pages.push(page),
      notice: () => expect.unreachable('nothing is missing'),
      stage: async (stage) => void stages.push(stage),
    });
    expect(pages.join().match(/The tenant pays rent/g)).toHaveLength(30);
    expect(stages).not.toContain('picture');
    expect(stages).not.toContain('recognition');
  });

  it('reads attached files under their names, and notices those that it cannot read', async () => {
    const file = (name: string, at: number) =>
      `<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F ${at} 0 R >> >>`;
    const inner = makePdf([[{ text: 'The rent is 4500 EUR.', down: 80 }]]).toString('latin1');
    const found = await read({
      content: text('For the best experience, open this PDF portfolio in Acrobat.'),
      catalog: '/Collection << >> /Names << /EmbeddedFiles << /Names [(a) 6 0 R (b) 7 0 R] >> >>',
      objects: [
        file('lease.pdf', 8),
        file('plan.dwg', 9),
        pdfStream('/Type /EmbeddedFile', inner),
        pdfStream('', '\0\u0001\u0002'),
      ],
    });
    expect(found.text).toContain('Attachment: lease.pdf\n\nThe rent is 4500 EUR.');
    expect(found.notices).toEqual([{ kind: 'attachment-not-read', page: null, detail: 'plan.dwg' }]);
  });

  it('reads a dynamic form, in packets too, and refuses one without texts by that reason', async () => {
    const wait = text('Please wait... If this message is not eventually replaced');
    const template = (words: string) =>
      `<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><draw><value><text>${words}</text></value></draw></template>`;
    const form = (words: string) => ({
      content: wait,
      catalog: '/AcroForm << /Fields [] /XFA [(preamble) 6 0 R (template) 7 0 R (postamble) 8 0 R] >>',
      objects: ['<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">', template(words), '</xdp:xdp>'].map((each) =>
        pdfStream('', each),
      ),
    });
    expect((await read(form('The rent is 4500 EUR.'))).text).toBe('The rent is 4500 EUR.');
    await expect(read(form(''))).rejects.toMatchObject({ code: 'dynamic-form' });
  });

  it('reads brackets and other signs of a font that has no character map', async () => {
    const glyphs = (words: string) =>
      Array.from(words, (sign) => {
        const code = sign.codePointAt(0) ?? 0;
        return (code >= 0x410 ? code - 0x410 + 0x23a : code - 29).toString(16).padStart(4, '0');
      }).join('');
    const objects = [
      '<< /Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding /Identity-H /DescendantFonts [7 0 R] >>',
      '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Lost /DW 500 /FontDescriptor 8 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>',
      '<< /Type /FontDescriptor /FontName /Lost /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
    ];
    const lines = [
      'The Borrower (the "Client") repays the loan & interest',
      "(a) the Client's loan (350,000) at 5% *",
      'Sum = principal + interest (see Annex)',
      'Должник (далее - "Клиент") обязуется вернуть сумму',
    ];
    const good = 'Signed (both) by the Client';
    const content = `BT /F2 12 Tf 72 720 Td ${lines.map((line) => `<${glyphs(line)}> Tj 0 -20 Td`).join(' ')} /F1 12 Tf (${good.replaceAll(/[()]/g, '\\$&')}) Tj ET`;
    const { text, notices } = await read({ content, resources: '/Font << /F1 4 0 R /F2 6 0 R >>', objects });
    expect([text.split(/\n+/), notices]).toEqual([[...lines, good], []]);
  });

  it('refuses what a rights management service protects', async () => {
    const encrypted = {
      objects: ['<< /Filter /Adobe.APS /V 4 /Length 128 >>'],
      trailer: '/Encrypt 6 0 R /ID [<00> <00>]',
    };
    await expect(read(encrypted)).rejects.toMatchObject({ code: 'rights-managed' });
    const cover = text('This PDF file is protected. You need a reader for Microsoft Information Protection.');
    await expect(read({ content: cover })).rejects.toMatchObject({ code: 'rights-managed' });
  });
});
