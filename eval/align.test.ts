import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from './align.ts';

describe('offsets of a stored text', () => {
  it('lead to the same characters of the file', () => {
    const file = 'Статья  1.\r\n\r\nСрок\u00a0аренды —\tгод';
    const stored = 'Статья 1.\n\nСрок аренды — год';
    const { toFile, agreement } = align(file, stored);
    expect(agreement).toBe(1);
    const start = stored.indexOf('аренды');
    expect(file.slice(toFile(start), toFile(start + 6))).toMatch(/^аренды\s*$/);
    expect(toFile(stored.length)).toBe(file.length);
  });

  it('are the file’s own where nothing was changed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zа-я.]{1,40}$/), fc.nat(39), (text, at) => {
        const offset = Math.min(at, text.length);
        expect(align(text, text).toFile(offset)).toBe(offset);
      }),
    );
  });

  it('are told to be unsure when the texts differ', () => {
    expect(align('abcd', 'abxx').agreement).toBe(0.5);
  });
});
