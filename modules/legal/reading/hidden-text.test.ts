import { describe, expect, it } from 'vitest';
import { readDoc } from './doc/read-doc.ts';
import { readDocx } from './docx/read-docx.ts';
import { readEmail } from './email/read-email.ts';
import { makeDoc } from './fixtures/make-doc.ts';
import { docxParts, makeDocx, run } from './fixtures/make-docx.ts';
import { makeOdt } from './fixtures/make-odt.ts';
import { readWith } from './fixtures/read-with.ts';
import { readHtml } from './html/read-html.ts';
import { readMarkdown } from './markdown/read-markdown.ts';
import { readOdt } from './odt/read-odt.ts';
import type { Reader } from './reading.ts';
import { readRtf } from './rtf/read-rtf.ts';

/* Text that no reader of a file sees is left out of every format, and noticed; white letters on another ground are seen. */

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const docx = (properties: string, { before = '', around = (text: string) => text, styles = '' } = {}) =>
  makeDocx(
    `${before}<w:p>${run('Rent is 10.')}</w:p>${around(`<w:p>${run('Rent is 99.', properties)}</w:p>`)}`,
    docxParts(styles === '' ? {} : { styles: `<w:styles ${word}>${styles}</w:styles>` }),
  );
const white = '<w:color w:val="FFFFFF"/>';
const cell = (properties: string) => (text: string) =>
  `<w:tbl><w:tblPr>${properties}</w:tblPr><w:tr><w:tc><w:tcPr/>${text}</w:tc></w:tr></w:tbl>`;
const odt = (style: string, paragraph = '') =>
  makeOdt(
    '<text:p>Rent is 10.</text:p><text:p text:style-name="P"><text:span text:style-name="T">Rent is 99.</text:span></text:p>',
    `<style:style style:name="T" style:family="text"><style:text-properties ${style}/></style:style><style:style style:name="P" style:family="paragraph"><style:paragraph-properties ${paragraph}/></style:style>`,
  );
const doc = (properties: number[], paragraphProperties: number[] = []) =>
  makeDoc([{ text: 'Rent is 10.' }, { text: 'Rent is 99.', properties, paragraphProperties }]);
const rtf = (words: string) =>
  `{\\rtf1{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue0;}Rent is 10.\\par\\pard ${words} Rent is 99.\\par}`;
const html = (hidden: string, head = '') => `${head}<p>Rent is 10.</p>${hidden}`;

const mail = (body: string) => `Subject: Rent\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}`;

type Row = [format: string, how: string, reader: Reader, file: Buffer | string];

describe('hidden text', () => {
  it.each<Row>([
    ['docx', 'hidden', readDocx, docx('<w:vanish/>')],
    ['docx', 'white', readDocx, docx(white)],
    ['docx', 'nearly white', readDocx, docx('<w:color w:val="FEFEFE"/>')],
    [
      'docx',
      'white by its style',
      readDocx,
      docx('<w:rStyle w:val="W"/>', {
        styles: `<w:style w:type="character" w:styleId="W"><w:rPr>${white}</w:rPr></w:style>`,
      }),
    ],
    ['docx', 'white in a plain table', readDocx, docx(white, { around: cell('') })],
    ['docx', 'a point high', readDocx, docx('<w:sz w:val="2"/>')],
    ['odt', 'hidden', readOdt, odt('text:display="none"')],
    ['odt', 'white', readOdt, odt('fo:color="#ffffff"')],
    [
      'odt',
      'a hidden section',
      readOdt,
      makeOdt(
        '<text:p>Rent is 10.</text:p><text:section text:display="none"><text:p>Rent is 99.</text:p></text:section>',
      ),
    ],
    ['doc', 'hidden', readDoc, doc([0x3c, 0x08, 1])],
    ['doc', 'white', readDoc, doc([0x70, 0x68, 255, 255, 255, 0])],
    ['doc', 'white by number', readDoc, doc([0x42, 0x2a, 8])],
    ['rtf', 'hidden', readRtf, rtf('\\v')],
    ['rtf', 'white', readRtf, rtf('\\cf1')],
    ['rtf', 'a point high', readRtf, rtf('\\fs2')],
    ['html', 'hidden', readHtml, html('<p hidden>Rent is 99.</p>')],
    ['html', 'not displayed', readHtml, html('<p class="x">Rent is 99.</p>', '<style>.x{display:none}</style>')],
    ['html', 'white', readHtml, html('<p style="color:#fff">Rent is 99.</p>')],
    [
      'html',
      'white by a rule',
      readHtml,
      html('<div class="x"><p>Rent is 99.</p></div>', '<style>.x{color:white}</style>'),
    ],
    ['html', 'white by an attribute', readHtml, html('<p><font color="#FFFFFF">Rent is 99.</font></p>')],
    [
      'html',
      'white on white',
      readHtml,
      html('<div style="background:#000"><p style="background:#fff;color:rgb(255,255,255)">Rent is 99.</p></div>'),
    ],
    ['html', 'transparent', readHtml, html('<p style="color:rgba(0,0,0,0)">Rent is 99.</p>')],
    ['html', 'invisible', readHtml, html('<p style="visibility:hidden">Rent is 99.</p>')],
    ['eml', 'white', readEmail, mail('<p>Rent is 10.</p><p style="color:#fff">Rent is 99.</p>')],
    ['md', 'hidden', readMarkdown, 'Rent is 10.\n\n<p hidden>Rent is 99.</p>\n'],
  ])('of %s is left out and noticed: %s', async (_, __, reader, file) => {
    const { text, notices } = await readWith(reader, file);
    expect(text.replace('Subject: Rent', '').trim()).toBe('Rent is 10.');
    expect(notices.map(({ kind }) => kind)).toContain('hidden-text');
  });

  it.each<Row>([
    ['docx', 'shaded letters', readDocx, docx(`${white}<w:shd w:val="clear" w:fill="000000"/>`)],
    ['docx', 'highlighted letters', readDocx, docx(`${white}<w:highlight w:val="black"/>`)],
    ['docx', 'a table with a style', readDocx, docx(white, { around: cell('<w:tblStyle w:val="Dark"/>') })],
    ['docx', 'a page with a colour', readDocx, docx(white, { before: '<w:background w:color="000080"/>' })],
    ['odt', 'a shaded paragraph', readOdt, odt('fo:color="#ffffff"', 'fo:background-color="#000080"')],
    ['doc', 'highlighted letters', readDoc, doc([0x70, 0x68, 255, 255, 255, 0, 0x0c, 0x2a, 1])],
    ['rtf', 'highlighted letters', readRtf, rtf('\\cf1\\highlight2')],
    ['rtf', 'a shaded paragraph', readRtf, rtf('\\cbpat2\\cf1')],
    [
      'html',
      'a dark ground',
      readHtml,
      html('<div style="background-color:#003">  <p style="color:#fff">Rent is 99.</p></div>'),
    ],
    ['html', 'a picture', readHtml, html('<table background="x.png"><tr><td style="color:#fff">Rent is 99.</table>')],
    [
      'html',
      'what is fetched',
      readHtml,
      html('<p style="color:#fff">Rent is 99.</p>', '<link rel=stylesheet href=x.css>'),
    ],
  ])('is none where white letters of %s stand on %s', async (_, __, reader, file) => {
    const { text, notices } = await readWith(reader, file);
    expect(text).toContain('Rent is 99.');
    expect(notices).toEqual([]);
  });

  it('does not come with scripts, styles and deleted text', async () => {
    const page =
      '<style>p{}</style><script>let x = 1</script><noscript>Rent</noscript><p>Rent is 10. <del>old</del></p>';
    expect((await readWith(readHtml, page)).notices).toEqual([]);
    expect((await readWith(readDoc, makeDoc([{ text: 'old', deleted: true }, { text: 'new' }]))).notices).toEqual([]);
  });
});
