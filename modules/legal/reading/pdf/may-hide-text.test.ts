import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeRawPdf, pdfStream } from '../fixtures/make-pdf.ts';
import { mayHideText } from './may-hide-text.ts';

const packed = (content: string) => deflateSync(content).toString('latin1');

describe('a file that may hide text', () => {
  it.each([
    ['1 g BT (x) Tj ET', true],
    ['1 1 1 rg BT (x) Tj ET', true],
    ['0.99 0.99 0.99 sc BT [(x)] TJ ET', true],
    ['0 0 0 0 k BT (x) Tj ET', true],
    ['BT 3 Tr (x) Tj ET', true],
    ['BT (x) Tj ET', false],
    ['1 1 1 rg 0 0 9 9 re f 0 g BT (x) Tj ET', false],
    ['q 1 g 0 0 9 9 re f Q BT (x) Tj ET', false],
    ['0 0 1 rg BT (x) Tj ET', false],
  ])('is known by its operations: %s', (content, expected) => {
    expect(mayHideText(makeRawPdf({ content }))).toBe(expected);
    expect(mayHideText(makeRawPdf({ objects: [pdfStream('/Filter /FlateDecode', packed(content))] }))).toBe(expected);
  });

  it('is one whose streams cannot be unpacked', () => {
    expect(mayHideText(makeRawPdf({ objects: [pdfStream('/Filter /LZWDecode', 'x')] }))).toBe(true);
    expect(mayHideText(makeRawPdf({ objects: [pdfStream('/Filter /FlateDecode', 'x')] }))).toBe(true);
    expect(mayHideText(makeRawPdf({ objects: [pdfStream('/Subtype /Image /Filter /DCTDecode', 'x')] }))).toBe(false);
  });
});
