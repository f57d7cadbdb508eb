import { describe, expect, it } from 'vitest';
import { makeOdt } from '../fixtures/make-odt.ts';
import { readWith } from '../fixtures/read-with.ts';
import { readOdt } from './read-odt.ts';

const read = async (body: string, styles = '') => (await readWith(readOdt, makeOdt(body, styles))).text;
const p = (text: string) => `<text:p>${text}</text:p>`;
const item = (content: string) => `<text:list-item>${content}</text:list-item>`;

describe('an OpenDocument text', () => {
  it('has paragraphs, spaces, rows, and notes behind their paragraph', async () => {
    const note =
      '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Yearly.</text:p></text:note-body></text:note>';
    const cells = ['Sum', '10'].map((text) => `<table:table-cell>${p(text)}</table:table-cell>`).join('');
    const body = `${p(`Rent${note} is<text:s text:c="2"/>due`)}<table:table><table:table-row>${cells}</table:table-row></table:table>`;
    expect(await read(body)).toBe('Rent[1] is  due\n\n[1] Yearly.\n\nSum | 10');
  });

  it('has the numbers of its lists', async () => {
    const number = (depth: number, more: string) =>
      `<text:list-level-style-number text:level="${depth}" style:num-format="1" ${more}/>`;
    const styles = `<text:list-style style:name="L">${number(1, 'style:num-suffix="."')}${number(2, 'text:display-levels="2"')}</text:list-style>`;
    const inner = `<text:list>${item(p('a'))}${item(p('b'))}</text:list>`;
    const list = (more: string, content: string) => `<text:list text:style-name="L" ${more}>${content}</text:list>`;
    const body =
      list('', item(p('One') + inner)) +
      list('text:continue-numbering="true"', item(p('Two'))) +
      list('', item(p('New')));
    expect(await read(body, styles)).toBe('1. One\n\n1.1 a\n\n1.2 b\n\n2. Two\n\n1. New');
  });

  it('has raised and lowered figures apart, by styles and their parents', async () => {
    const style = (name: string, properties: string, more = '') =>
      `<style:style style:name="${name}" style:family="text" ${more}><style:text-properties ${properties}/></style:style>`;
    const styles =
      style('U', 'style:text-position="super 58%"') +
      style('V', '', 'style:parent-style-name="U"') +
      style('D', 'style:text-position="-33% 58%"') +
      style('H', 'text:display="none"') +
      style('S', 'style:font-name="Symbol"');
    const span = (name: string, text: string) => `<text:span text:style-name="${name}">${text}</text:span>`;
    expect(await read(p(`Статья 15${span('U', '1')} и 10${span('V', '6')}, CO${span('D', '2')}`), styles)).toBe(
      'Статья 15¹ и 10⁶, CO₂',
    );
    expect(await read(p(`a${span('H', 'b')} ${span('S', '\uf0b3')} 5`), styles)).toBe('a ≥ 5');
  });

  it('has rows that name their columns and what reaches down into them', async () => {
    const cell = (text: string, more = '') => `<table:table-cell ${more}>${p(text)}</table:table-cell>`;
    const row = (cells: string) => `<table:table-row>${cells}</table:table-row>`;
    const head = `<table:table-header-rows>${row(cell('Год') + cell('Месяц') + cell('Плата'))}</table:table-header-rows>`;
    const rows =
      row(cell('2025', 'table:number-rows-spanned="2"') + cell('январь') + cell('120 000')) +
      row(`<table:covered-table-cell/>${cell('февраль')}${cell('130 000')}`);
    expect(await read(`<table:table>${head}${rows}</table:table>`)).toMatch(
      /\nГод: 2025 \| Месяц: февраль \| Плата: 130 000$/,
    );
  });

  it('has what its form fields hold', async () => {
    const forms =
      '<office:forms><form:form><form:checkbox form:id="a" form:current-state="checked"/><form:text form:id="b" form:current-value="Иванов"/>' +
      '<form:listbox form:id="c"><form:option form:label="год"/><form:option form:label="месяц" form:current-selected="true"/></form:listbox></form:form></office:forms>';
    const control = (id: string) => `<draw:control draw:control="${id}"/>`;
    expect(await read(`${forms}${p(`Да ${control('a')}, ${control('b')}, ${control('c')}`)}`)).toBe(
      'Да ☒, Иванов, месяц',
    );
    const mark = (kind: string, ...params: [string, string][]) =>
      `<field:fieldmark field:type="vnd.oasis.opendocument.field.${kind}">${params.map(([name, value]) => `<field:param field:name="${name}" field:value="${value}"/>`).join('')}</field:fieldmark>`;
    const list = mark(
      'FORMDROPDOWN',
      ['Dropdown_ListEntry', 'да'],
      ['Dropdown_ListEntry', 'нет'],
      ['Dropdown_Selected', '1'],
    );
    expect(await read(p(`${mark('FORMCHECKBOX', ['Checkbox_Checked', 'true'])} ${mark('FORMCHECKBOX')} ${list}`))).toBe(
      '☒ ☐ нет',
    );
    const dropDown =
      '<text:drop-down><text:label text:value="a"/><text:label text:value="b" text:current-selected="true"/>b</text:drop-down>';
    expect(await read(p(dropDown))).toBe('b');
  });

  it('has formulas of its objects, and tells of other objects and large pictures', async () => {
    const math =
      '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mfrac><mn>1</mn><mn>300</mn></mfrac><annotation>{1} over {300}</annotation></semantics></math>';
    const object = (name: string) => `<draw:frame><draw:object xlink:href="./${name}"/><draw:image/></draw:frame>`;
    const picture =
      '<draw:frame svg:width="17cm" svg:height="20cm"><draw:image/><svg:title>План первого этажа</svg:title></draw:frame>';
    const body = p(`в размере ${object('Object 1')} ставки${object('Object 2')}${picture}`);
    const file = makeOdt(body, '', [{ name: 'Object 1/content.xml', content: math }]);
    expect(await readWith(readOdt, file)).toMatchObject({
      text: 'в размере 1/300 ставки\n\n[План первого этажа]',
      notices: [
        { kind: 'attachment-not-read', detail: 'Object 2' },
        { kind: 'picture-not-read', detail: 'План первого этажа' },
      ],
    });
  });

  it('has changes accepted, and no comments', async () => {
    const body = `<text:tracked-changes><text:changed-region>${p('deleted')}</text:changed-region></text:tracked-changes>${p('Kept<office:annotation><text:p>comment</text:p></office:annotation>')}`;
    expect(await read(body)).toBe('Kept');
  });

  it('holds claimed spaces to a sensible number', async () => {
    expect((await read(p('a<text:s text:c="2000000000"/>b'))).length).toBeLessThan(200);
  });

  it('needs its text, no password and no entities', async () => {
    const encrypted = { name: 'META-INF/manifest.xml', content: '<manifest:encryption-data/>' };
    await expect(readWith(readOdt, makeOdt(p('x'), '', [encrypted]))).rejects.toMatchObject({ code: 'encrypted' });
    const evil = { name: 'content.xml', content: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' };
    await expect(readWith(readOdt, makeOdt('', '', [evil]))).rejects.toMatchObject({ code: 'damaged' });
  });
});
