import { describe, expect, it } from 'vitest';
import { readDocxBody, run } from '../fixtures/make-docx.ts';

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const p = (content: string, style = '') =>
  `<w:p><w:pPr>${style && `<w:pStyle w:val="${style}"/>`}</w:pPr>${content}</w:p>`;
const text = async (body: string, styles = '') =>
  (await readDocxBody(body, styles === '' ? {} : { styles: `<w:styles ${word}>${styles}</w:styles>` })).text;
const raised = '<w:vertAlign w:val="superscript"/>';

describe('raised and lowered figures of a Word document', () => {
  it('stay apart from the figures before them', async () => {
    const body =
      run('Статья 15') + run('1', raised) + run('. См. п. 2') + run('1', raised) + run(' ст. 30') + run('2', raised);
    expect(await text(p(body))).toBe('Статья 15¹. См. п. 2¹ ст. 30²');
    expect(await text(p(run('CO') + run('2', '<w:vertAlign w:val="subscript"/>')))).toBe('CO₂');
  });

  it.each([
    ['a character style', '<w:rStyle w:val="Up"/>'],
    ['a style based on one', '<w:rStyle w:val="Upper"/>'],
    ['small letters above the line', '<w:position w:val="4"/><w:sz w:val="14"/>'],
    ['letters far above the line', '<w:position w:val="8"/>'],
  ])('are known by %s', async (_, properties) => {
    const styles = `<w:style w:type="character" w:styleId="Up"><w:rPr>${raised}</w:rPr></w:style><w:style w:type="character" w:styleId="Upper"><w:basedOn w:val="Up"/></w:style>`;
    expect(await text(p(run('Статья 15') + run('1', properties)), styles)).toBe('Статья 15¹');
  });

  it('are on the line where a run says so against its style, or nothing is before them to join', async () => {
    const styles = `<w:style w:type="character" w:styleId="Up"><w:rPr>${raised}</w:rPr></w:style>`;
    const plain = '<w:rStyle w:val="Up"/><w:vertAlign w:val="baseline"/>';
    expect(await text(p(run('15') + run('1', plain)), styles)).toBe('151');
    expect(await text(p(run('(подпись, 2 экз.)', raised)))).toBe('(подпись, 2 экз.)');
    expect(await text(p(run('10', '<w:position w:val="-2"/>') + run('5')))).toBe('105');
  });
});

describe('text of a Word document', () => {
  it('is not there where its style hides it', async () => {
    const styles = '<w:style w:type="character" w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>';
    expect(await text(p(run('a') + run('b', '<w:rStyle w:val="Hid"/>')), styles)).toBe('a');
  });

  it('is what its font of symbols shows, at private and at plain codes', async () => {
    const symbol = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>';
    const sign = (font: string, code: string) => `<w:r><w:sym w:font="${font}" w:char="${code}"/></w:r>`;
    const body =
      run('a', symbol) + run(' \uf0b3 5 ', symbol) + run('a ') + sign('Wingdings', 'F0FE') + sign('Symbol', 'F0A7');
    expect(await text(p(body))).toBe('α ≥ 5 a ☑§');
  });

  it('begins with its drop cap', async () => {
    const letter = (drop: string) =>
      `<w:p><w:pPr><w:framePr ${drop} w:lines="3"/></w:pPr>${run('Н', '<w:position w:val="-9"/><w:sz w:val="116"/>')}</w:p>`;
    expect(await text(letter('w:dropCap="drop"') + p(run('астоящий договор')))).toBe('Настоящий договор');
    expect(await text(letter('') + p(run('астоящий договор')))).toBe('Настоящий договор');
  });
});
