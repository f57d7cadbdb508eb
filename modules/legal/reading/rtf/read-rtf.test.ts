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
    expect(await readWith(readRtf, rtf)).toEqual({
      text: 'shown link— {}',
      hasPages: false,
      title: 'Lease',
      notices: [
        { kind: 'attachment-not-read', page: null, detail: 'OLE' },
        { kind: 'hidden-text', page: null },
      ],
    });
  });

  it.each([
    ['\\super', 'Article 15{\\super 1}, 10{\\super 6}, CO{\\sub 2}', 'Article 15¹, 10⁶, CO₂'],
    ['\\nosupersub', 'Article 15\\super 1\\nosupersub  of', 'Article 15¹ of'],
    ['\\plain', '\\fs24 15\\super 1\\plain\\fs24  and 2', '15¹ and 2'],
    ['\\super0', '15\\super 1\\super0 .', '15¹.'],
    ['\\up', '\\fs24 15{\\up6\\fs16 1} and 10{\\up8 6}, a{\\dn6 1}', '15¹ and 10⁶, a₁'],
    ['a little \\up', '\\fs24 15{\\up2 1}', '151'],
    ['a note', '15{\\super 1}{\\super\\chftn{\\footnote See {\\super 2}x}}', '15¹[1]\n\n[1] See ²x'],
  ])('keeps raised and lowered figures apart: %s', async (_, rtf, text) => {
    expect(await read(`{\\rtf1 ${rtf}}`)).toBe(text);
  });

  it('has the signs that fonts of symbols show', async () => {
    const fonts =
      '{\\fonttbl{\\f0\\fnil Arial;}{\\f3\\froman\\fcharset2{\\*\\panose 0505}Symbol;}{\\f4\\fcharset2 Wingdings;}}';
    const rtf =
      '{\\rtf1\\ansi\\ansicpg1251' +
      fonts +
      "{\\listtext\\f3\\'b7\\tab}{\\f4\\'a8} no {\\f4 \\u-3842\\'fe} {\\f3 \\'a3 \\u-3999?} 5 \\u-3917?" +
      '{\\field{\\*\\fldinst SYMBOL 167 \\\\f "Symbol" \\\\s 12}{\\fldrslt\\f3}}}';
    const result = await readWith(readRtf, rtf);
    expect(result.notices).toEqual([]);
    expect(result.text).toBe('- ☐ no ☑ ≤ α 5 ≥§');
  });

  it('has what form fields hold, and formulas of fields without a result', async () => {
    const box = (state: string) =>
      `{\\field{\\*\\fldinst {FORMCHECKBOX }{\\*\\formfield{\\fftype1${state}{\\*\\ffname A}}}}{\\fldrslt }}`;
    const list =
      '{\\field{\\*\\fldinst FORMDROPDOWN {\\*\\formfield{\\fftype2\\ffres1\\ffdefres0{\\*\\ffl One}{\\*\\ffl Two}}}}{\\fldrslt}}';
    const text = '{\\field{\\*\\fldinst FORMTEXT {\\*\\formfield{\\fftype0{\\*\\ffdeftext Name}}}}{\\fldrslt Ivanov}}';
    const rtf =
      `{\\rtf1 ${box('\\ffres25\\ffdefres1')}${box('\\ffres0\\ffdefres1')}${box('\\ffres1')} ${list} ${text} ` +
      '{\\field{\\*\\fldinst EQ \\\\f(1;300)}{\\fldrslt}} {\\field{\\*\\fldinst MERGEFIELD Sum}{\\fldrslt}}end}';
    const result = await readWith(readRtf, rtf);
    expect(result.text).toBe('☒☐☒ Two Ivanov 1/300 end');
    expect(result.notices).toEqual([{ kind: 'field-not-read', page: null, detail: 'MERGEFIELD' }]);
  });

  it.each([
    ['a fraction', '{\\mf{\\mfPr{\\mctrlPr\\f1}}{\\mnum{\\mr\\mscr0\\msty2 1}}{\\mden{\\mr 300}}}', '1/300'],
    ['a pile', '{\\mf{\\mfPr{\\mtype noBar}}{\\mnum{\\mr n}}{\\mden{\\mr k}}}', '(n; k)'],
    ['a power', '{\\msSup{\\me{\\mr 10}}{\\msup{\\mr 6}}}', '10⁶'],
    ['marked parts', '{\\*\\msSub{\\*\\me{\\mr x}}{\\*\\msub{\\mr{\\f1 1}}}}', 'x₁'],
    ['brackets', '{\\md{\\mdPr{\\mbegChr [}{\\mendChr ]}}{\\me{\\mr x}}}', '[x]'],
  ])('has a formula on one line: %s', async (_, math, text) => {
    const pictures = '{\\mmathPict{\\pict 4d5a}}';
    expect(await read(`{\\rtf1 Penalty 5{\\mmath{\\*\\moMath ${math}}${pictures}} of}`)).toBe(
      /^[\p{L}\p{N}(]/u.test(text) ? `Penalty 5 ${text} of` : `Penalty 5${text} of`,
    );
  });

  it('begins a paragraph with its drop cap', async () => {
    expect(await read('{\\rtf1\\pard\\dropcapli3\\dropcapt1 T\\par\\pard enant pays.\\par Next}')).toBe(
      'Tenant pays.\n\nNext',
    );
    expect(await read('{\\rtf1\\pard\\phmrg\\posy0 T\\par\\pard enant}')).toBe('Tenant');
  });

  it('names the columns of rows, and carries merged cells', async () => {
    const row = (flags: string, cells: string[], edges = ['\\cellx1000', '\\cellx2000', '\\cellx3000']) =>
      `\\trowd${flags}${edges.join('')}\\pard\\intbl ${cells.map((cell) => `${cell}\\cell `).join('')}\\row`;
    const head = row('\\trhdr', ['Year', 'Month', 'Rent']);
    const first = row('', ['2025', 'May', '10'], ['\\clvmgf\\cellx1000', '\\cellx2000', '\\cellx3000']);
    const second = row('', ['', 'June', '20'], ['\\clvmrg\\cellx1003', '\\cellx2000', '\\cellx3000']);
    const wide = row('', ['Total', '30'], ['\\cellx2000', '\\cellx3000']);
    const merged = row('', ['Sum', '', '40'], ['\\clmgf\\cellx1000', '\\clmrg\\cellx2000', '\\cellx3000']);
    expect(await read(`{\\rtf1 ${head}${first}${second}${wide}${merged}\\pard After}`)).toBe(
      'Year | Month | Rent\nYear: 2025 | Month: May | Rent: 10\nYear: 2025 | Month: June | Rent: 20\n' +
        'Total | Rent: 30\nSum | Rent: 40\n\nAfter',
    );
    const plain = (first: string, ...cells: string[]) =>
      `\\trowd\\cellx1000\\cellx2000\\pard\\intbl ${first}${cells.map((cell) => `${cell}\\cell `).join('')}\\row`;
    expect(await read(`{\\rtf1 ${plain('\\b ', 'Day', 'Sum')}${plain('\\b0 ', '5', '10')}}`)).toBe(
      'Day | Sum\nDay: 5 | Sum: 10',
    );
  });

  it('keeps tables in cells, and rows whose paragraphs do not say where they are', async () => {
    const nested =
      '\\trowd\\cellx1000\\cellx3000\\pard\\intbl Outer\\cell\\pard\\intbl\\itap2 a\\nestcell b\\nestcell' +
      '{\\*\\nesttableprops\\trowd\\cellx100\\cellx200\\nestrow}\\pard\\intbl\\itap1 end\\cell\\row\\pard After';
    expect(await read(`{\\rtf1 ${nested}}`)).toBe('Outer\na | b\nend\n\nAfter');
    expect(await read('{\\rtf1\\trowd\\cellx1000\\cellx2000\\pard A\\cell B\\cell\\row\\pard After}')).toBe(
      'A | B\n\nAfter',
    );
  });

  it('tells of pictures and objects, and has descriptions and texts of shapes', async () => {
    const picture = (size: number) =>
      `{\\*\\shppict{\\pict\\picwgoal${size}\\pichgoal${size} 4d5a}}{\\nonshppict{\\pict 4d}}`;
    const rtf =
      `{\\rtf1 a${picture(9000)}b${picture(500)}{\\object\\objemb{\\*\\objclass Excel.Sheet.8}{\\*\\objdata 4d}{\\result ${picture(9000)}}}` +
      '{\\object\\objemb{\\*\\objclass Equation.3}{\\*\\objdata 4d}}{\\object\\objocx{\\*\\objclass Forms.TextBox.1}}' +
      '{\\shp{\\*\\shpinst{\\sp{\\sn gtextUNICODE}{\\sv COPY}}{\\sp{\\sn wzName}{\\sv Shape}}}{\\shprslt x}}c}';
    const { text, notices } = await readWith(readRtf, rtf);
    expect(text).toBe('abc\n\nCOPY');
    expect(notices).toEqual([
      { kind: 'picture-not-read', page: null },
      { kind: 'attachment-not-read', page: null, detail: 'Excel.Sheet.8' },
      { kind: 'part-not-read', page: null, detail: 'Equation.3' },
      { kind: 'field-not-read', page: null, detail: 'Forms.TextBox.1' },
    ]);
  });

  it('has a character once where a word stands behind it for old programs', async () => {
    expect(await read('{\\rtf1 a\\u8212\\emdash b\\u8220\\ldblquote c}')).toBe('a—b“c');
    expect(await read('{\\rtf1 {\\upr{?}{\\*\\ud{\\u1044?}}}}')).toBe('Д');
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
