import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { examples, table } from './output.ts';

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

describe('table', () => {
  it('makes columns as wide as their widest cell and leaves no space at the end of a line', () => {
    const rows = [
      ['ask', 12, 'ready'],
      ['conversations', undefined, ''],
    ];
    expect(stripVTControlCharacters(table(['NAME', 'PID', 'STATE'], rows))).toBe(
      ['NAME           PID  STATE', 'ask            12   ready', 'conversations'].join('\n'),
    );
  });

  it('does not count what colours a cell as part of its width', () => {
    const rows = [
      [red('down'), 1],
      ['ready', 2],
    ];
    expect(stripVTControlCharacters(table(['STATE', 'N'], rows))).toBe(['STATE  N', 'down   1', 'ready  2'].join('\n'));
  });
});

describe('examples', () => {
  it('says whether there is one or several', () => {
    expect(examples('pandect ps')).toBe('\nExample:\n  pandect ps');
    expect(examples('pandect ps', 'pandect ps --json')).toMatch(/^\nExamples:\n {2}pandect ps\n/);
  });
});
