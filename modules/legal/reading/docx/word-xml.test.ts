import { describe, expect, it } from 'vitest';
import { detectFormat } from '../files/detect-format.ts';
import { readWith } from '../fixtures/read-with.ts';
import { readDocx } from './read-docx.ts';

const namespaces =
  'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core" xmlns:o="urn:schemas-microsoft-com:office:office"';
const r = (text: string, properties = '') => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
const p = (content: string) => `<w:p>${content}</w:p>`;
const word2003 = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?><w:wordDocument ${namespaces}><o:DocumentProperties><o:Title>Аренда</o:Title></o:DocumentProperties><w:styles><w:style w:type="character" w:styleId="Up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles><w:body>${body}</w:body></w:wordDocument>`;
const read = async (body: string) => (await readWith(readDocx, word2003(body))).text;

describe('XML of Word 2003', () => {
  it('has paragraphs with the numbers it keeps, raised figures, rows and notes', async () => {
    const numbered = `<w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="1.2."/></w:listPr></w:pPr>`;
    expect(await read(p(numbered + r('Срок')))).toBe('1.2. Срок');
    expect(await read(p(r('Статья 15') + r('1', '<w:rStyle w:val="Up"/>')))).toBe('Статья 15¹');
    const row = (...cells: string[]) => `<w:tr>${cells.map((cell) => `<w:tc>${p(r(cell))}</w:tc>`).join('')}</w:tr>`;
    expect(await read(`<w:tbl>${row('Товар', 'Цена')}</w:tbl>`)).toBe('Товар | Цена');
    expect(await read(p(`${r('Rent')}<w:r><w:footnote>${p(r('Yearly'))}</w:footnote></w:r>`))).toBe(
      'Rent[1]\n\n[1] Yearly',
    );
  });

  it('has changes accepted, and results of fields only', async () => {
    const change = (type: string, content: string) =>
      `<aml:annotation aml:id="1" w:type="Word.${type}"><aml:content>${content}</aml:content></aml:annotation>`;
    const mark = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
    const deleted = change('Deletion', '<w:r><w:delText>шесть</w:delText></w:r>') + change('Deletion', r('семь'));
    const field = `${mark('begin')}<w:r><w:instrText> PAGE </w:instrText></w:r>${mark('separate')}${r('1')}${mark('end')}`;
    expect(await read(p(deleted + change('Insertion', r('девять ')) + field + change('Comment', p(r('why')))))).toBe(
      'девять 1',
    );
  });

  it('has a title, and may be in another encoding', async () => {
    expect(await readWith(readDocx, word2003(p(r('x'))))).toMatchObject({ title: 'Аренда' });
    const cp1251 = Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="windows-1251"?><w:wordDocument ${namespaces}><w:body><w:p><w:r><w:t>`),
      Buffer.from([0xd1, 0xf0, 0xee, 0xea]),
      Buffer.from('</w:t></w:r></w:p></w:body></w:wordDocument>'),
    ]);
    expect((await readWith(readDocx, cp1251)).text).toBe('Срок');
  });

  it('is known by its content under names of Word and of XML, and no other XML is', () => {
    const bytes = Buffer.from(word2003(''));
    for (const name of ['a.doc', 'a.xml', 'a.docx', 'a.xml.doc']) expect(detectFormat(bytes, name)).toBe('docx');
    expect(detectFormat(Buffer.from(`\ufeff${word2003('')}`, 'utf16le'), 'a.xml')).toBe('docx');
    expect(detectFormat(Buffer.from('<?xml version="1.0"?><a/>'), 'a.xml')).toBeUndefined();
  });
});

describe('a package that is one XML file', () => {
  it('is read like the archive it stands for', async () => {
    const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const part = (name: string, content: string) =>
      `<pkg:part pkg:name="${name}" pkg:contentType="application/xml"><pkg:xmlData>${content}</pkg:xmlData></pkg:part>`;
    const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`;
    const document = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${p(r('Срок &lt;10&gt; дней'))}</w:body></w:document>`;
    const flat = `<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">${part('/_rels/.rels', rels)}${part('/word/document.xml', document)}</pkg:package>`;
    expect(detectFormat(Buffer.from(flat), 'a.xml')).toBe('docx');
    expect((await readWith(readDocx, flat)).text).toBe('Срок <10> дней');
  });
});
