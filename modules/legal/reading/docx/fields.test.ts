import { describe, expect, it } from 'vitest';
import { readDocxBody, run } from '../fixtures/make-docx.ts';

const w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"';
const mark = (type: string, data = '') => `<w:r><w:fldChar w:fldCharType="${type}">${data}</w:fldChar></w:r>`;
const code = (text: string) => `<w:r><w:instrText xml:space="preserve">${text}</w:instrText></w:r>`;
const field = (instructions: string, result = '', data = '') =>
  mark('begin', data && `<w:ffData>${data}</w:ffData>`) +
  code(instructions) +
  (result && mark('separate') + result) +
  mark('end');
const read = (content: string) => readDocxBody(`<w:p>${run('a ')}${content}${run(' z')}</w:p>`);

describe('a field of a Word document', () => {
  it.each([
    [
      'a box that is ticked',
      field(' FORMCHECKBOX ', '', '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'),
      'a ☒ z',
    ],
    ['a box ticked by default', field('FORMCHECKBOX', '', '<w:checkBox><w:default w:val="1"/></w:checkBox>'), 'a ☒ z'],
    [
      'a box that was cleared',
      field('FORMCHECKBOX', '', '<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>'),
      'a ☐ z',
    ],
    [
      'a chosen entry',
      field(
        'FORMDROPDOWN',
        '',
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="год"/><w:listEntry w:val="месяц"/></w:ddList>',
      ),
      'a месяц z',
    ],
    [
      'the first entry by default',
      field('FORMDROPDOWN', '', '<w:ddList><w:listEntry w:val="год"/></w:ddList>'),
      'a год z',
    ],
    [
      'a filled text',
      field('FORMTEXT', run('Иванов'), '<w:textInput><w:default w:val="имя"/></w:textInput>'),
      'a Иванов z',
    ],
    [
      'a text that was never touched',
      field('FORMTEXT', '', '<w:textInput><w:default w:val="имя"/></w:textInput>'),
      'a имя z',
    ],
    ['a result', field('PAGE', run('7')), 'a 7 z'],
    [
      'instructions with a field in them',
      field(`IF ${field('MERGEFIELD x', run('secret'))} = 1`, run('yes')),
      'a yes z',
    ],
    ['a fraction as a field', field('EQ \\f(1;300)'), 'a 1/300 z'],
    ['a power as a field', field('EQ 10\\s\\up8(6)'), 'a 10⁶ z'],
    ['a root as a field', field('EQ \\r(3;x)'), 'a ³√x z'],
    ['a sign as a field', field('SYMBOL 167 \\f "Symbol"'), 'a § z'],
    ['a button with words', field('MACROBUTTON NoMacro [имя]'), 'a [имя] z'],
  ])('shows %s', async (_, content, expected) => {
    expect((await read(content)).text).toBe(expected);
  });

  it('that never ends hides nothing but its instructions', async () => {
    expect((await read(`${mark('begin')}${code('PAGE')}</w:p><w:p>${run('next')}`)).text).toBe('a\n\nnext z');
  });

  it('that cannot be shown is told of', async () => {
    const { notices } = await read(field('LISTNUM'));
    expect(notices).toEqual([{ kind: 'field-not-read', page: null, detail: 'LISTNUM' }]);
  });
});

describe('a content control', () => {
  const control = (properties: string, content: string) =>
    `<w:sdt><w:sdtPr ${w14}>${properties}</w:sdtPr><w:sdtContent>${content}</w:sdtContent></w:sdt>`;
  const box = (checked: string) => `<w14:checkbox><w14:checked w14:val="${checked}"/></w14:checkbox>`;
  const list =
    '<w:dropDownList w:lastValue="2"><w:listItem w:displayText="да" w:value="1"/><w:listItem w:displayText="нет" w:value="2"/></w:dropDownList>';

  it('shows its content once, or without one its value', async () => {
    expect((await read(control(box('1'), run('☒')))).text).toBe('a ☒ z');
    expect((await read(control(box('1'), ''))).text).toBe('a ☒ z');
    expect((await read(control(box('0'), run('')))).text).toBe('a ☐ z');
    expect((await read(control(list, run('нет')))).text).toBe('a нет z');
    expect((await read(control(list, ''))).text).toBe('a нет z');
  });
});
