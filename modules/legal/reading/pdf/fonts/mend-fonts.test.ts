import { describe, expect, it } from 'vitest';
import { isGarbled } from './language-likeness.ts';
import { mendFonts } from './mend-fonts.ts';

const run = (str: string, fontName = 'f1') => ({ str, fontName, transform: [12, 0, 0, 12, 72, 700], hasEOL: true });
const mend = (...texts: Parameters<typeof run>[]) => {
  const { runs, garbled } = mendFonts(texts.map((text) => run(...text)));
  return { texts: runs.map((each) => ('str' in each ? each.str : '')), garbled };
};

/** What a font without a character map gives of a text: the numbers of its glyphs. */
const glyphs = (text: string, firstCyrillic: number) =>
  [...text]
    .map((sign) => {
      const code = sign.codePointAt(0) ?? 0;
      return String.fromCodePoint(code >= 0x410 ? code - 0x410 + firstCyrillic : code - 29);
    })
    .join('');
const english = 'The Borrower repays the loan of 350,000 dollars by 1 October 2024.';
const russian = 'Арендатор обязуется ежемесячно вносить арендную плату за помещение.';
const bytesAsWestern = (text: string) =>
  [...text]
    .map((sign) => (sign >= 'А' ? String.fromCodePoint((sign.codePointAt(0) ?? 0) - 0x410 + 0xc0) : sign))
    .join('');

describe('mendFonts', () => {
  it('reads bytes of windows-1251 that are taken for western letters', () => {
    expect(mend([bytesAsWestern('Оглавление. Договор аренды от 1 марта')])).toEqual({
      texts: ['Оглавление. Договор аренды от 1 марта'],
      garbled: 0,
    });
  });

  it('reads numbers of glyphs, whatever glyph the alphabet begins at', () => {
    expect(mend([glyphs(english, 0)])).toEqual({ texts: [english], garbled: 0 });
    for (const first of [0x23a, 0x1c4, 0x2b0]) expect(mend([glyphs(russian, first)]).texts).toEqual([russian]);
  });

  it('reads the short text of one font as that of another on the page', () => {
    expect(mend([glyphs('LOAN AGREEMENT', 0), 'bold'], [glyphs(english, 0)]).texts[0]).toBe('LOAN AGREEMENT');
  });

  it('leaves good fonts alone, also in other languages, codes and figures', () => {
    const good = [
      english,
      russian,
      'Die Mieterin zahlt die Miete jährlich über das Konto der Geschäftsführung zurück.',
      'Le propriétaire a été informé à la date prévue où la clé a été remise.',
      'ЗАО «ВТБ»; ИНН 7702070139; р/с 40702810900000000001; БИК 044525187',
      'IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX, VAT GB123456789',
      '1 234,50   12 000,00   5%   № 7',
      'Договірні сторони зобов’язуються виконувати умови цього договору належним чином.',
    ];
    for (const text of good) expect(mend([text])).toEqual({ texts: [text], garbled: 0 });
  });

  it('counts what stays garbled', () => {
    const shuffled = english
      .toLowerCase()
      .replaceAll(
        /[a-z]/g,
        (letter) => 'qxwzjkvbgpmyfucdlhrsnioate'['abcdefghijklmnopqrstuvwxyz'.indexOf(letter)] ?? '',
      );
    expect(mend([shuffled]).garbled).toBeGreaterThan(20);
    expect(isGarbled('\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0001\u0002')).toBe(true);
    expect(isGarbled('AoroBop apeHAbI HexWnoro noMew,eHWA Me>KAy CTopoHaMW W apeHAaTopoM cpoK')).toBe(true);
  });
});
