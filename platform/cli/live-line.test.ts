import { describe, expect, it } from 'vitest';
import { createLiveLine } from './live-line.ts';

function output(terminal: { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  return { ...terminal, written, write: (text: string) => written.push(text) > 0 };
}

describe('live line', () => {
  it('is written again in place on a terminal, with the time since it began', () => {
    const terminal = output({ isTTY: true, columns: 80 });
    let at = 0;
    const line = createLiveLine(terminal, () => at);
    line.show('ask  building');
    at = 1_200;
    line.show('ask  building');
    line.show('ask  starting');
    line.end();
    expect(terminal.written).toEqual([
      '\r\u001b[Kask  building … 0 ms',
      '\r\u001b[Kask  building … 1.2 s',
      '\r\u001b[Kask  starting … 0 ms',
      '\r\u001b[K',
    ]);
  });

  it('stays below the lines that are printed in the meantime', () => {
    const terminal = output({ isTTY: true });
    const line = createLiveLine(terminal, () => 0);
    line.show('working');
    line.print('one is done');
    line.end();
    expect(terminal.written.slice(1, 3)).toEqual(['\r\u001b[Kone is done\n', '\r\u001b[Kworking … 0 ms']);
  });

  it('never grows beyond the terminal, where it could not be taken back', () => {
    const terminal = output({ isTTY: true, columns: 20 });
    const line = createLiveLine(terminal, () => 0);
    line.show('a text that is longer than the line');
    line.end();
    expect(terminal.written[0]).toBe('\r\u001b[Ka text that is long');
  });

  it('is not there where the output is no terminal', () => {
    const file = output({ isTTY: false });
    const line = createLiveLine(file);
    line.show('working');
    line.print('one is done');
    line.end();
    expect(file.written).toEqual(['one is done\n']);
  });
});
