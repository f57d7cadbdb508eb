import { describe, expect, it } from 'vitest';
import { bold, code, italic, join, link, plain, quote, slice, trim } from './rich-text.ts';
import { split } from './split.ts';

const lengths = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text.length);

describe('a text', () => {
  it('has entities that count UTF-16 units from its beginning', () => {
    expect(join(['🎩 ', bold(join(['a', italic('b')])), link('c', 'https://c.example')])).toEqual({
      text: '🎩 abc',
      entities: [
        { type: 'bold', offset: 3, length: 2 },
        { type: 'italic', offset: 4, length: 1 },
        { type: 'text_link', offset: 5, length: 1, url: 'https://c.example' },
      ],
    });
  });

  it('holds no halves of characters and no control characters, and has lines that end in one way', () => {
    expect(plain('a\ud800b\u0000\u0007c\r\nd\re\tf').text).toBe('a\ufffdbc\nd\ne\tf');
  });

  it('has no entity over nothing', () => {
    expect([bold(''), quote(code('')), slice(bold('abc'), 3)]).toEqual(Array(3).fill({ text: '', entities: [] }));
  });

  it('loses white space at its ends, and its entities with it', () => {
    expect(trim(join(['  ', bold(' a '), '\n']))).toEqual({
      text: 'a',
      entities: [{ type: 'bold', offset: 0, length: 1 }],
    });
  });
});

describe('split', () => {
  it('leaves a short text whole, and nothing of white space', () => {
    expect(split(plain('a'.repeat(10)), 10)).toHaveLength(1);
    expect(split(plain(' \n\n '), 10)).toEqual([]);
  });

  it('prefers paragraphs to lines to spaces, where a piece is then at least half full', () => {
    const texts = (text: string) => split(plain(text), 20).map((piece) => piece.text);
    expect(texts('aaaa aaaa b\n\nbb\ncccc dddd eeee')).toEqual(['aaaa aaaa b', 'bb\ncccc dddd eeee']);
    expect(texts('aaaa aaaa bb\ncccc dddd eeee')).toEqual(['aaaa aaaa bb', 'cccc dddd eeee']);
    expect(texts('a\n\naaaa aaaa bbbb cccc dddd')).toEqual(['a\n\naaaa aaaa bbbb', 'cccc dddd']);
  });

  it('counts 2,048 emoji as 4,096 units (case 48)', () => {
    expect(lengths(split(plain('🎩'.repeat(2048)), 4096))).toEqual([4096]);
    expect(lengths(split(plain('🎩'.repeat(2049)), 4096))).toEqual([4096, 2]);
  });

  it.each(['🎩', '👨‍👩‍👧‍👦', '🇷🇺', 'й', '👍🏽'])(
    'has %s across unit 4096 whole in one of two messages (case 48)',
    (grapheme) => {
      for (let before = 4096 - grapheme.length; before <= 4096; before++) {
        const pieces = split(plain(`${'a'.repeat(before)}${grapheme}b`), 4096);
        expect(pieces).toHaveLength(2);
        expect(pieces.filter(({ text }) => text.includes(grapheme))).toHaveLength(1);
        expect(pieces.map(({ text }) => text).join('')).toBe(`${'a'.repeat(before)}${grapheme}b`);
      }
    },
  );

  it('closes entities at a cut and reopens them behind it', () => {
    expect(split(join(['aaa ', bold('bbb ccc ddd')]), 8)).toEqual([
      { text: 'aaa bbb', entities: [{ type: 'bold', offset: 4, length: 3 }] },
      { text: 'ccc ddd', entities: [{ type: 'bold', offset: 0, length: 7 }] },
    ]);
  });

  it('ends with every text, also one that is a single grapheme', () => {
    const marks = `a${'\u0301'.repeat(10_000)}`;
    const pieces = split(plain(marks), 4096);
    expect(Math.max(...lengths(pieces))).toBeLessThanOrEqual(4096);
    expect(pieces.map(({ text }) => text).join('')).toBe(marks);
  });
});
