import { describe, expect, it } from 'vitest';
import { makeDocx, paragraph } from '../fixtures/make-docx.ts';
import { makePdf } from '../fixtures/make-pdf.ts';
import { detectFormat } from './detect-format.ts';

const pdf = makePdf([[{ text: 'x', down: 100 }]]);
const docx = makeDocx(paragraph('x'));
const text = Buffer.from('Договор аренды', 'utf8');
const exe = Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0'), Buffer.alloc(500)]);
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]);
const ole = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

describe('the format of an upload', () => {
  it.each([
    ['a.pdf', pdf, 'pdf'],
    ['Договор.PDF', pdf, 'pdf'],
    ['a.docx', docx, 'docx'],
    ['a.html', text, 'html'],
    ['a.htm', text, 'html'],
    ['a.txt', text, 'txt'],
    ['a.md', text, 'md'],
    ['report.v2.txt ', text, 'txt'],
  ] as const)('of "%s" goes by its extension when the content agrees', (name, content, format) => {
    expect(detectFormat(content, name)).toBe(format);
  });

  it.each([
    ['a.doc', ole, 'doc'],
    ['a.doc', docx, 'docx'],
    ['a.doc', Buffer.from('{\\rtf1 x}'), 'rtf'],
    ['a.doc', Buffer.from('<html><p>x'), 'html'],
    ['a.doc', Buffer.from('From: <Saved by Word>\r\nMIME-Version: 1.0\r\n\r\nx'), 'eml'],
    ['a.mht', Buffer.from('MIME-Version: 1.0\nContent-Type: text/html\n\nx'), 'eml'],
    ['a.doc', Buffer.from([0xdb, 0xa5, 0x2d, 0]), 'doc'],
    ['a.doc', Buffer.from('Subject: no mark of a web archive\n\nx'), undefined],
    ['a.doc', text, undefined],
    ['a.odt', docx, 'odt'],
    ['a.odt', ole, undefined],
    ['a.rtf', Buffer.from('{\\rtf1 x}'), 'rtf'],
    ['a.rtf', text, undefined],
    ['a.eml', Buffer.from('Received: x\r\nSubject: y\r\n\r\nz'), 'eml'],
    ['a.eml', Buffer.from('no header'), undefined],
  ] as const)(
    'of "%s" may be another one that Word opens under an old name, and is nothing else',
    (name, content, format) => {
      expect(detectFormat(content, name)).toBe(format);
    },
  );

  it('goes by the declared media type only when the name has no extension', () => {
    expect(detectFormat(pdf, 'contract', 'application/pdf')).toBe('pdf');
    expect(detectFormat(text, 'notes', 'text/plain; charset=utf-8')).toBe('txt');
    expect(detectFormat(text, 'notes.txt', 'application/octet-stream')).toBe('txt');
    expect(detectFormat(text, 'notes.xyz', 'text/plain')).toBeUndefined();
    expect(detectFormat(text, 'notes')).toBeUndefined();
    expect(detectFormat(text, '.htaccess', 'image/png')).toBeUndefined();
  });

  it('allows up to a kilobyte before the mark of a PDF', () => {
    expect(detectFormat(Buffer.concat([Buffer.alloc(1000, 32), pdf]), 'a.pdf')).toBe('pdf');
    expect(detectFormat(Buffer.concat([Buffer.alloc(1024, 32), pdf]), 'a.pdf')).toBeUndefined();
  });

  it.each([
    ['a.txt', pdf],
    ['a.txt', docx],
    ['a.txt', exe],
    ['a.txt', jpeg],
    ['a.md', ole],
    ['a.html', Buffer.from('{\\rtf1 text}')],
    ['a.pdf', jpeg],
    ['a.pdf', exe],
    ['a.pdf', docx],
    ['a.docx', pdf],
    ['a.docx', text],
    ['a.exe', exe],
    ['a.pdf', Buffer.alloc(0)],
    ['a.txt', Buffer.alloc(0)],
  ])('is refused for "%s" with other content', (name, content) => {
    expect(detectFormat(content, name)).toBeUndefined();
  });

  it('takes text in UTF-16 and in Russian single-byte encodings, and some padding', () => {
    expect(detectFormat(Buffer.from('\ufeffДоговор', 'utf16le'), 'a.txt')).toBe('txt');
    expect(detectFormat(Buffer.from([0xc4, 0xee, 0xe3, 0xee, 0xe2, 0xee, 0xf0]), 'a.txt')).toBe('txt');
    expect(detectFormat(Buffer.from('Clause one.\0\0'), 'a.txt')).toBe('txt');
  });

  it('lets an OLE container pass as DOCX, for the parser to say that it is encrypted', () => {
    expect(detectFormat(ole, 'a.docx')).toBe('docx');
  });
});
