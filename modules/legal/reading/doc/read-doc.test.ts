import { describe, expect, it } from 'vitest';
import { makeDoc, styleSheet } from '../fixtures/make-doc.ts';
import { readWith } from '../fixtures/read-with.ts';
import { readDoc } from './read-doc.ts';

const read = async (...given: Parameters<typeof makeDoc>) => (await readWith(readDoc, makeDoc(...given))).text;

describe('a document of Word 97', () => {
  it('has paragraphs, lines and what fields show', async () => {
    const field = '\u0013 HYPERLINK "x" \u0014ссылка\u0015';
    expect(await read([{ text: `Договор ${field}\u000bстрока` }, { text: 'not\u001ebroken' }])).toBe(
      'Договор ссылка\nстрока\n\nnot-broken',
    );
  });

  it('has table rows as lines, empty cells among them', async () => {
    const row = (...cells: string[]) => [
      ...cells.map((text) => ({ text, end: 'cell' as const })),
      { text: '', end: 'row' as const },
    ];
    expect(
      await read([{ text: 'Prices' }, ...row('Rent', '', '10'), ...row('Deposit', '1', '20'), { text: 'End' }]),
    ).toBe('Prices\n\nRent |  | 10\nDeposit | 1 | 20\n\nEnd');
  });

  it('has notes behind the paragraph that refers to them', async () => {
    expect(await read([{ text: 'One\u0002 two\u0002.' }, { text: 'End' }], ['First', 'Second'])).toBe(
      'One[1] two[2].\n\n[1] First\n\n[2] Second\n\nEnd',
    );
  });

  const raised = [0x48, 0x2a, 1];
  const position = [0x45, 0x48, 8, 0];
  it('keeps raised and lowered figures apart', async () => {
    const text = [
      { text: 'Статья 15', end: 'run' as const },
      { text: '1', end: 'run' as const, properties: raised },
      { text: ', 10', end: 'run' as const },
      { text: '6', end: 'run' as const, properties: position },
      { text: ', CO', end: 'run' as const },
      { text: '2', end: 'run' as const, properties: [0x48, 0x2a, 2] },
      { text: '.' },
    ];
    expect(await read(text)).toBe('Статья 15¹, 10⁶, CO₂.');
  });

  it('raises figures that only a style raises, and not those that a run lowers again', async () => {
    const up = [0x48, 0x2a, 1];
    const sheet = styleSheet([
      { kind: 1 },
      { kind: 2, properties: up },
      { kind: 2, base: 1 },
      { kind: 1, properties: up },
    ]);
    const text = [
      { text: 'Статья 15', end: 'run' as const },
      { text: '1', end: 'run' as const, properties: [0x30, 0x4a, 1, 0] },
      { text: ', 10', end: 'run' as const },
      { text: '6', end: 'run' as const, properties: [0x30, 0x4a, 2, 0] },
      { text: ', 7', end: 'run' as const },
      { text: '8', properties: [0x30, 0x4a, 1, 0, 0x48, 0x2a, 0] },
    ];
    expect(await read(text, [], 0, 0xa5ec, [], undefined, sheet)).toBe('Статья 15¹, 10⁶, 78');
    const paragraphs = [{ text: 'Rent' }, { text: 'Note', style: 3, end: 'run' as const }, { text: ' 5', style: 3 }];
    expect(await read(paragraphs, [], 0, 0xa5ec, [], undefined, sheet)).toBe('Rent\n\nNote 5');
  });

  it('has tables in cells as rows of their own', async () => {
    const depth = (level: number, ...more: number[]) => [0x16, 0x24, 1, 0x49, 0x66, level, 0, 0, 0, ...more];
    const inner = (text: string) => ({ text, paragraphProperties: depth(2, 0x4b, 0x24, 1) });
    const innerRow = { text: '', paragraphProperties: depth(2, 0x4b, 0x24, 1, 0x4c, 0x24, 1) };
    expect(
      await read([
        { text: 'Outer', end: 'cell' },
        ...[inner('Rent'), inner('10'), innerRow, inner('Deposit'), inner('20'), innerRow],
        { text: '', end: 'cell' },
        { text: '', end: 'row' },
        { text: 'End' },
      ]),
    ).toBe('Outer\nRent | 10\nDeposit | 20\n\nEnd');
  });

  it('has the signs of symbol fonts, and fields that keep no result', async () => {
    const text = [
      { text: '(', end: 'run' as const, properties: [0x09, 0x6a, 1, 0, 0xfe, 0xf0] },
      { text: '\u00a3', end: 'run' as const, properties: [0x4f, 0x4a, 2, 0] },
      { text: ' \u0013 EQ \\f(1;300) \u0014\u0015 \u0013 SYMBOL 167 \\f "Symbol" \u0015 5' },
    ];
    expect(await read(text, [], 0, 0xa5ec, ['Arial', 'Wingdings', 'Symbol'])).toBe('☑≤ 1/300 § 5');
  });

  it('begins a paragraph with its drop cap', async () => {
    expect(
      await read([{ text: 'Д', paragraphProperties: [0x2c, 0x44, 0x19, 0] }, { text: 'оговор' }, { text: 'x' }]),
    ).toBe('Договор\n\nx');
  });

  it('names the columns of rows, and carries merged cells', async () => {
    const row = (texts: string[], edges: number[], flags: number[] = [], header = false) => {
      const numbers = [0, ...edges].flatMap((edge) => [edge & 255, edge >> 8]);
      const cells = edges.flatMap((_, index) => [flags[index] ?? 0, ...Array(19).fill(0)]);
      const value = [edges.length, ...numbers, ...cells];
      const table = [0x08, 0xd6, value.length + 1, 0, ...value];
      return [
        ...texts.map((text) => ({ text, end: 'cell' as const })),
        {
          text: '',
          end: 'row' as const,
          paragraphProperties: [...(header ? [0x04, 0x34, 1] : []), ...table],
        },
      ];
    };
    expect(
      await read([
        ...row(['Year', 'Rent'], [1000, 2000], [], true),
        ...row(['2025', '10'], [1000, 2000], [0x60]),
        ...row(['', '20'], [1000, 2000], [0x20]),
        { text: 'End' },
      ]),
    ).toBe('Year | Rent\nYear: 2025 | Rent: 10\nYear: 2025 | Rent: 20\n\nEnd');
  });

  it('has the state of form fields, and tells of pictures and objects', async () => {
    const form = (type: number, result: number, usual: number, entries: string[] = []) => {
      const header = Buffer.alloc(0x44);
      header.writeUInt16LE(0x44, 4);
      const bits = type | (result << 2);
      const text = Buffer.alloc(4);
      const items = entries.map((entry) => Buffer.concat([Buffer.of(entry.length, 0), Buffer.from(entry, 'utf16le')]));
      const list = Buffer.concat([Buffer.of(0xff, 0xff, entries.length, 0, 0, 0), ...items]);
      const state = [Buffer.from([255, 255, 255, 255, bits & 255, bits >> 8, 0, 0, 0, 0]), text, Buffer.of(usual, 0)];
      return Buffer.concat([header, ...state, ...Array(5).fill(text), ...(type === 2 ? [list] : [])]);
    };
    const picture = Buffer.alloc(0x44);
    for (const [at, value] of [
      [28, 9000],
      [30, 9000],
      [32, 1000],
      [34, 1000],
    ] as const)
      picture.writeUInt16LE(value, at);
    const parts = [form(1, 25, 1), form(1, 0, 1), form(2, 1, 0, ['One', 'Two']), picture];
    const place = (index: number) => Buffer.concat(parts.slice(0, index)).length;
    const at = (index: number) => [0x03, 0x6a, place(index) & 255, place(index) >> 8, 0, 0];
    const field = (code: string, index: number) => [
      { text: `\u0013 ${code} `, end: 'run' as const },
      { text: '\u0001', end: 'run' as const, properties: [0x06, 0x08, 1, ...at(index)] },
      { text: '\u0014\u0015 ', end: 'run' as const },
    ];
    const text = [
      ...[...field('FORMCHECKBOX', 0), ...field('FORMCHECKBOX', 1), ...field('FORMDROPDOWN', 2)],
      { text: '\u0001', end: 'run' as const, properties: at(3) },
      { text: '\u0013 EMBED Excel.Sheet.8 \u0014\u0001\u0015\u0013 FORMDROPDOWN \u0015end' },
    ];
    const file = makeDoc(text, [], 0, 0xa5ec, [], Buffer.concat(parts));
    expect(await readWith(readDoc, file)).toMatchObject({
      text: '☒ ☐ Two end',
      notices: [
        { kind: 'picture-not-read', page: null },
        { kind: 'attachment-not-read', page: null, detail: 'Excel.Sheet.8' },
        { kind: 'field-not-read', page: null, detail: 'FORMDROPDOWN' },
      ],
    });
  });

  it('has no text that was deleted', async () => {
    expect(await read([{ text: 'old', deleted: true }, { text: 'new' }])).toBe('new');
  });

  it('is encrypted when it says so', async () => {
    await expect(read([{ text: 'x' }], [], 0x0100)).rejects.toMatchObject({ code: 'encrypted' });
  });

  it('of Word 95 or before says that it is that old', async () => {
    await expect(read([{ text: 'x' }], [], 0, 0xa5dc)).rejects.toMatchObject({ code: 'old-word' });
    for (const mark of ['9ba521000904', 'dba52d000904', '31be000000ab', 'fe3700230000']) {
      const file = Buffer.concat([Buffer.from(mark, 'hex'), Buffer.alloc(600, 0x41)]);
      await expect(readWith(readDoc, file)).rejects.toMatchObject({ code: 'old-word' });
    }
  });

  it('never gives more text than it holds when bytes of it are changed', async () => {
    const file = makeDoc(
      [{ text: 'Rent is due\u0002' }, { text: 'a', end: 'cell' }, { text: '', end: 'row' }],
      ['Note'],
    );
    for (let position = 512; position < file.length; position += 7) {
      const changed = Buffer.from(file);
      changed[position] = (changed[position] ?? 0) ^ 0xff;
      const result = await readWith(readDoc, changed).catch((error: unknown) => error as Error);
      if (!(result instanceof Error)) expect(result.text.length).toBeLessThan(file.length * 5);
    }
  });
});
