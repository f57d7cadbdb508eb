import { describe, expect, it } from 'vitest';
import { readWith } from '../fixtures/read-with.ts';
import { readRtf } from './read-rtf.ts';

const read = async (rtf: string) => (await readWith(readRtf, rtf)).text;

describe('an RTF document', () => {
  it('is read in the code page of the file, of a font, and in Unicode', async () => {
    expect(await read("{\\rtf1\\ansi\\ansicpg1251 \\'c4\\'ee\\'e3\\'ee\\'e2\\'ee\\'f0\\par next}")).toBe(
      'Договор\n\nnext',
    );
    expect(
      await read("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 A;}{\\f1\\fcharset204 B;}}\\f0 \\'e9{\\f1 \\'e9}\\'e9}"),
    ).toBe('éйé');
    expect(await read("{\\rtf1 \\u1044?\\uc2\\u1072\\'e0\\'e0{\\uc0\\u1085}\\u-10179??\\u-8704??}")).toBe('Дан😀');
  });

  it('has numbers that its program has put down, table rows, and notes behind their paragraph', async () => {
    const rtf =
      '{\\rtf1 {\\listtext 1.1\\tab}Rent{\\super\\chftn{\\footnote\\pard\\chftn Yearly.}} is due.\\par ' +
      "{\\listtext\\'b7\\tab}first\\par{\\listtext\\'b7\\tab}second\\par" +
      '\\trowd\\pard\\intbl Sum\\cell 10\\cell\\row\\trowd\\pard\\intbl Days\\cell\\cell\\row\\pard After}';
    expect(await read(rtf)).toBe('1.1 Rent[1] is due.\n\n[1] Yearly.\n\n- first\n- second\nSum | 10\nDays\n\nAfter');
  });

  it('has fields as they show, and neither deleted nor hidden text, properties, pictures or objects', async () => {
    const rtf =
      '{\\rtf1{\\info{\\title Lease}{\\author A}}{\\colortbl;\\red1;}{\\*\\unknown x}{\\pict 4d5a}' +
      '{\\object{\\*\\objdata 4d5a}{\\result shown}} {\\deleted old}{\\v hidden}{\\field{\\*\\fldinst HYPERLINK}{\\fldrslt link}}\\emdash\\~\\{\\}}';
    expect(await readWith(readRtf, rtf)).toEqual({ text: 'shown link— {}', hasPages: false, title: 'Lease' });
  });

  it('does not skip beyond what is there, and skips what is binary', async () => {
    expect(await read('{\\rtf1 a{\\bin4 }}}}b}')).toBe('ab');
    expect(await read('{\\rtf1 Law{\\bin999999999 }: Delaware}')).toBe('Law: Delaware');
  });

  it.each([
    '{\\rtf1 a',
    '{\\rtf1 a}}}b',
    "{\\rtf1 a\\'",
    '{\\rtf1 a\\',
    '{\\rtf1 \\cell\\row\\row a',
    '{\\rtf1{\\footnote a',
  ])('survives being cut: %s', async (rtf) => expect(await read(rtf)).toContain('a'));

  it('is damaged when its groups are nested past any sense', async () => {
    await expect(read(`{\\rtf1${'{'.repeat(100_000)}`)).rejects.toMatchObject({ code: 'damaged' });
  });
});
