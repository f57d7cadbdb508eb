import { describe, expect, it } from 'vitest';
import { symbolCharacter, symbolFont, symbolText } from './symbol-fonts.ts';

describe('a font of symbols', () => {
  it.each([
    ['Symbol', 0xf0a3, '≤'],
    ['Symbol', 0x61, 'α'],
    ['Symbol', 0xf0a7, '§'],
    ['SymbolMT', 0xb0, '°'],
    ['Wingdings', 0xf0fe, '☑'],
    ['Wingdings', 0x6f, '☐'],
    ['Wingdings 2', 0xf052, '☑'],
    ['Webdings', 0x61, '✔'],
    ['Arial', 0x2264, '≤'],
  ])('%s shows at %i what is meant', (name, code, shown) => {
    expect(symbolCharacter(symbolFont(name), code)).toBe(shown);
  });

  it('changes its own characters only, and tells of those that are not known', () => {
    let unknown = 0;
    const count = () => {
      unknown += 1;
    };
    expect(symbolText('a \uf0b3 да', symbolFont('Symbol'), count)).toBe('α ≥ да');
    expect(symbolText('abc', symbolFont('Times New Roman'), count)).toBe('abc');
    expect(symbolText('\uf0b3 5', undefined, count)).toBe('≥ 5');
    expect(unknown).toBe(0);
    expect(symbolText('\u0081', symbolFont('Symbol'), count)).toBe('\u0081');
    expect(unknown).toBe(1);
  });
});
