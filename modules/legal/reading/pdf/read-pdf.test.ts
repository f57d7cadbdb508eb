import { describe, expect, it } from 'vitest';
import { makePdf, makeRawPdf, pdfStream } from '../fixtures/make-pdf.ts';
import { readWith } from '../fixtures/read-with.ts';
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
