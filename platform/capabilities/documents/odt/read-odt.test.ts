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
