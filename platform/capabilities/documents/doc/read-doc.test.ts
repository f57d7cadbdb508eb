import { describe, expect, it } from 'vitest';
import { makeDoc } from '../fixtures/make-doc.ts';
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
