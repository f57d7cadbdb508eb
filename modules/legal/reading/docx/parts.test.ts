import { describe, expect, it } from 'vitest';
import { docxParts, makeDocx, paragraph, readDocxBody, run } from '../fixtures/make-docx.ts';
import { readWith } from '../fixtures/read-with.ts';
import { readDocx } from './read-docx.ts';

const chunk = '<w:altChunk r:id="p0"/>';

describe('a part that a Word document takes in as it is', () => {
  it.each([
    ['HTML', 'aFChunk.html', '<html><body><p>Пеня 0,1 %</p></body></html>'],
    [
      'a web page in one file',
      'aFChunk.mht',
      'MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Пеня 0,1 %</p>',
    ],
    ['RTF', 'aFChunk.rtf', '{\\rtf1 Fee 0,1 %}'],
    ['text', 'aFChunk.txt', 'Пеня 0,1 %'],
  ])('is read in its place: %s', async (_, name, content) => {
    const { text } = await readDocxBody(paragraph('a') + chunk + paragraph('z'), { [name]: content });
    expect(text).toMatch(/^a\n\n\S+ 0,1 %\n\nz$/);
  });

  it('may be a Word document, but not without end', async () => {
    const entries = docxParts({ 'aFChunk.docx': '' });
    const within = (inner: Buffer) =>
      makeDocx(paragraph('x') + chunk, [...entries.slice(0, 1), { name: 'word/aFChunk.docx', content: inner }]);
    let file = makeDocx(paragraph('inner'));
    expect((await readWith(readDocx, within(file))).text).toBe('x\n\ninner');
    for (let depth = 0; depth < 6; depth += 1) file = within(file);
    expect((await readWith(readDocx, file)).text).not.toContain('inner');
  });

  it('is told of when it cannot be read', async () => {
    const { notices } = await readDocxBody(chunk, { 'aFChunk.docx': 'PK\u0003\u0004 broken' });
    expect(notices).toEqual([{ kind: 'attachment-not-read', page: null, detail: 'aFChunk.docx' }]);
  });
});

describe('what a Word document holds besides its text', () => {
  const drawing = (content: string, size = 5_000_000) =>
    `<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><wp:inline><wp:extent cx="${size}" cy="${size}"/>${content}</wp:inline></w:drawing></w:r></w:p>`;
  const blip = '<a:blip/>';

  it('is told of: large pictures, objects, controls', async () => {
    const object =
      '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="Excel.Sheet.12"/></w:object><w:control w:name="Check1"/></w:r></w:p>';
    const { notices } = await readDocxBody(drawing(blip) + drawing(blip, 500_000) + object);
    expect(notices).toEqual([
      { kind: 'picture-not-read', page: null, detail: '' },
      { kind: 'attachment-not-read', page: null, detail: 'Excel.Sheet.12' },
      { kind: 'field-not-read', page: null, detail: 'Check1' },
    ]);
  });

  it('has a description that a person wrote', async () => {
    const described = (words: string) =>
      drawing(`<wp:docPr id="1" name="Рисунок 1" descr="${words}"/>${blip}`, 500_000);
    expect(
      (
        await readDocxBody(
          described('План первого этажа') + described('image1.png') + described('Изображение выглядит как текст'),
        )
      ).text,
    ).toBe('[План первого этажа]');
  });

  it('has the text of diagrams and charts', async () => {
    const a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"';
    const data = `<d ${a}><a:p><a:r><a:t>Заказчик</a:t></a:r></a:p><a:p><a:r><a:t>Подрядчик</a:t></a:r></a:p></d>`;
    expect((await readDocxBody(drawing('<dgm:relIds r:dm="p0"/>'), { diagramData: data })).text).toBe(
      'Заказчик\nПодрядчик',
    );
    const points = (name: string, ...values: string[]) =>
      `<c:${name}>${values.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('')}</c:${name}>`;
    const chart = `<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:ser><c:tx><c:v>2024</c:v></c:tx>${points('cat', 'январь', 'февраль')}${points('val', '100', '110')}</c:ser></c:chart>`;
    expect((await readDocxBody(drawing('<c:chart r:id="p0"/>'), { chart })).text).toBe('2024: январь 100; февраль 110');
  });

  it('is there once, of the alternative that has text', async () => {
    const mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"';
    const alternatives = (first: string, second: string) =>
      `<w:p><w:r><mc:AlternateContent ${mc}><mc:Choice>${first}</mc:Choice><mc:Fallback>${second}</mc:Fallback></mc:AlternateContent></w:r></w:p>`;
    const box = (text: string) => `<w:txbxContent>${paragraph(text)}</w:txbxContent>`;
    expect((await readDocxBody(alternatives(box('Box'), box('Box')))).text).toBe('Box');
    expect((await readDocxBody(alternatives('', box('Box')))).text).toBe('Box');
  });

  it('may be macros, which are refused by that name', async () => {
    const type = 'application/vnd.ms-word.document.macroEnabled.main+xml';
    const types = {
      name: '[Content_Types].xml',
      content: `<Types><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`,
    };
    await expect(readWith(readDocx, makeDocx(`<w:p>${run('x')}</w:p>`, [types]))).rejects.toMatchObject({
      code: 'macros',
    });
  });
});
