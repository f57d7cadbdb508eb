import { describe, expect, it } from 'vitest';
import { docxParts, makeDocx, paragraph } from '../fixtures/make-docx.ts';
import { readWith } from '../fixtures/read-with.ts';
import { readDocx } from './read-docx.ts';

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

const level = (index: number, format: string, text: string, more = '') =>
  `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`;
const numbering = (levels: string, more = '') =>
  `<w:numbering ${word}><w:abstractNum w:abstractNumId="7">${levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>${more}</w:numbering>`;
const clause = (text: string, ilvl = 0, numId = 1) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${ilvl}"/><w:numId w:val="${numId}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
const read = async (body: string, more: Record<string, string> = {}) =>
  (await readWith(readDocx, makeDocx(body, docxParts(more)))).text;

describe('a Word document', () => {
  it('has the numbers that Word computes, level by level', async () => {
    const levels = level(0, 'decimal', 'Статья %1.') + level(1, 'decimal', '%1.%2') + level(2, 'lowerLetter', '(%3)');
    const body = [
      clause('Срок'),
      clause('Начало', 1),
      clause('a', 2),
      clause('b', 2),
      clause('Конец', 1),
      clause('Цена'),
      clause('Сумма', 1),
    ];
    expect(await read(body.join(''), { numbering: numbering(levels) })).toBe(
      'Статья 1. Срок\n\n1.1 Начало\n\n(a) a\n\n(b) b\n\n1.2 Конец\n\nСтатья 2. Цена\n\n2.1 Сумма',
    );
  });

  it('has numbers that come from the style of a paragraph, and from the one it is based on', async () => {
    const styles = `<w:styles ${word}><w:style w:type="paragraph" w:styleId="H2"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Mine"><w:basedOn w:val="H2"/></w:style></w:styles>`;
    const levels = level(0, 'upperRoman', '%1') + level(1, 'decimal', '%2)', '<w:pStyle w:val="H2"/>');
    const styled = '<w:p><w:pPr><w:pStyle w:val="Mine"/></w:pPr><w:r><w:t>Text</w:t></w:r></w:p>';
    expect(await read(styled + styled, { numbering: numbering(levels), styles })).toBe('1) Text\n\n2) Text');
  });

  it('begins a list again where it says so, and continues where it does not', async () => {
    const again =
      '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>';
    const body = [clause('a'), clause('b', 0, 2), clause('c', 0, 2), clause('d', 0, 0)].join('');
    expect(await read(body, { numbering: numbering(level(0, 'decimal', '%1.'), again) })).toBe(
      '1. a\n\n5. b\n\n6. c\n\nd',
    );
  });

  it('has its notes behind the paragraph or row that refers to them, in the order of reference', async () => {
    const note = (id: number, text: string) => `<w:footnote w:id="${id}">${paragraph(text)}</w:footnote>`;
    const footnotes = `<w:footnotes ${word}><w:footnote w:type="separator" w:id="-1">${paragraph('—')}</w:footnote>${note(5, 'Five')}${note(6, 'Six')}</w:footnotes>`;
    const refer = (id: number) => `<w:r><w:footnoteReference w:id="${id}"/></w:r>`;
    const body =
      `<w:p><w:r><w:t>Rent</w:t></w:r>${refer(6)}</w:p>` +
      `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Sum</w:t></w:r>${refer(5)}</w:p></w:tc><w:tc>${paragraph('10')}</w:tc></w:tr></w:tbl>${paragraph('End')}`;
    expect(await read(body, { footnotes })).toBe('Rent[1]\n\n[1] Six\n\nSum[2] | 10\n\n[2] Five\n\nEnd');
  });

  it('has all changes accepted: deleted paragraph ends and rows are gone, inserted text is there', async () => {
    const body =
      '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">One </w:t></w:r></w:p>' +
      '<w:p><w:ins w:id="2"><w:r><w:t>paragraph</w:t></w:r></w:ins><w:moveFrom w:id="3"><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>' +
      `<w:tbl><w:tr><w:trPr><w:del w:id="4"/></w:trPr><w:tc>${paragraph('gone')}</w:tc></w:tr><w:tr><w:tc>${paragraph('kept')}</w:tc></w:tr></w:tbl>`;
    expect(await read(body)).toBe('One paragraph\n\nkept');
  });

  it('has text boxes once, and neither hidden text nor field instructions', async () => {
    const box = `<w:txbxContent>${paragraph('Box')}</w:txbxContent>`;
    const body =
      `<w:p><w:r><w:t>Text</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>${box}</mc:Choice><mc:Fallback>${box}</mc:Fallback></mc:AlternateContent></w:r>` +
      '<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:tab/><w:t>end</w:t></w:r></w:p>';
    expect(await read(body)).toBe('Text\tend\n\nBox');
  });

  it('has what stands in headers and footers once, at the end, without page numbers', async () => {
    const margin = (text: string) => `<w:hdr ${word}>${paragraph(text)}</w:hdr>`;
    expect(
      await read(paragraph('Text'), { header1: margin('Draft 3'), header2: margin('Draft 3'), footer1: margin('12') }),
    ).toBe('Text\n\nDraft 3');
  });

  it('has rows of several paragraphs a cell as these paragraphs, and tables inside tables', async () => {
    const table = (...cells: string[]) =>
      `<w:tbl><w:tr>${cells.map((cell) => `<w:tc>${cell}</w:tc>`).join('')}</w:tr></w:tbl>`;
    const body =
      table(paragraph('a') + paragraph('b'), paragraph('c')) +
      table(table(paragraph('d'), paragraph('e')) + paragraph(''));
    expect(await read(body)).toBe('a\nb\nc\nd | e');
  });

  it('is refused with a document type, past a depth, and past its characters', async () => {
    const failing = async (docx: Buffer, limits = {}) =>
      readWith(readDocx, docx, limits).then(
        () => 'read',
        (error) => error.code,
      );
    const laughs = { name: 'word/document.xml', content: '<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>' };
    expect(await failing(makeDocx('', [laughs]))).toBe('damaged');
    expect(await failing(makeDocx('<w:sdt>'.repeat(3000) + '</w:sdt>'.repeat(3000)))).toBe('damaged');
    expect(await failing(makeDocx(paragraph('x'.repeat(100))), { characters: 50 })).toBe('too-large');
  });
});
