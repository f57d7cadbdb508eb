import { describe, expect, it } from 'vitest';
import { pageLines, type TextRun } from './page-lines.ts';

const run = (str: string, y: number, hasEOL = true): TextRun => ({ str, transform: [11, 0, 0, 11, 72, y], hasEOL });

describe('the lines of a PDF page', () => {
  it('are parted where the page parts them, and by a blank line where the gap is wide', () => {
    expect(
      pageLines([run('One', 700, false), run(' and', 700), run('two.', 686), run('Three', 660), run('four.', 646)]),
    ).toBe('One and\ntwo.\n\nThree\nfour.');
  });

  it('are the same when the page is turned', () => {
    const turned = (str: string, x: number): TextRun => ({ str, transform: [0, 11, -11, 0, x, 72], hasEOL: true });
    expect(pageLines([turned('One', 100), turned('two.', 114), turned('Three', 140)])).toBe('One\ntwo.\n\nThree');
  });

  it('keep a printed soft hyphen as a hyphen and leave one at the end to be joined', () => {
    expect(pageLines([run('long\u00adterm con\u00ad', 700), run('tract', 686)])).toBe('long-term con\u00ad\ntract');
  });

  it('leave out what has no text', () => {
    expect(pageLines([{ type: 'beginMarkedContent' }, run('', 700), run(' ', 690), run('Text', 680)])).toBe('Text');
    expect(pageLines([])).toBe('');
  });
});
