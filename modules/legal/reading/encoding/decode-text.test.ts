import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';
import { looksLikeText } from './looks-like-text.ts';
import { unmarkedUtf16 } from './unmarked-utf16.ts';

const russian = 'Арендатор обязан вносить арендную плату не позднее 5-го числа. ДОГОВОР № 7 «О хранении».';

/** Encodes through the decoder itself: every byte is tried once. */
function encode(text: string, encoding: string): Buffer {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const characters = [...new TextDecoder(encoding).decode(bytes)];
  return Buffer.from([...text].map((character) => characters.indexOf(character)));
}

describe('decoding', () => {
  it('reads UTF-8 and UTF-16 with and without their marks', () => {
    expect(decodeText(Buffer.from(russian))).toBe(russian);
    expect(decodeText(Buffer.from(`\ufeff${russian}`))).toBe(russian);
    expect(decodeText(Buffer.from(`\ufeff${russian}`, 'utf16le'))).toBe(russian);
    expect(decodeText(Buffer.from(`\ufeff${russian}`, 'utf16le').swap16())).toBe(russian);
    for (const text of [russian, 'Licensee pays £5 – monthly.\r\n', 'ДОГОВОР', 'Ёлка: «да»\t№ 5']) {
      expect(decodeText(Buffer.from(text, 'utf16le'))).toBe(text);
      expect(decodeText(Buffer.from(text, 'utf16le').swap16())).toBe(text);
    }
  });

  it('takes neither ASCII of few signs nor padding for UTF-16', () => {
    const texts = ['> '.repeat(40), '! " # % '.repeat(9), ' - ! '.repeat(20), `${'> '.repeat(200)}«да»`, '"%"%"%"%'];
    for (const text of texts) expect(decodeText(Buffer.from(text))).toBe(text);
    expect(unmarkedUtf16(Buffer.alloc(4000, 1))).toBeUndefined();
    for (const byte of [1, 3, 4]) {
      const padded = Buffer.concat([Buffer.from('text'), Buffer.alloc(9000, byte)]);
      expect(unmarkedUtf16(padded)).toBeUndefined();
      expect(looksLikeText(padded)).toBe(false);
    }
  });

  it('tells the Russian single-byte encodings apart', () => {
    expect(decodeText(encode(russian, 'windows-1251'))).toBe(russian);
    const plain = russian.replaceAll(/[«»]/g, '"').replace('№', 'N');
    expect(decodeText(encode(plain, 'koi8-r'))).toBe(plain);
    expect(decodeText(encode(plain, 'ibm866'))).toBe(plain);
    expect(decodeText(encode('ДОГОВОР АРЕНДЫ', 'koi8-r'))).toBe('ДОГОВОР АРЕНДЫ');
    expect(decodeText(encode('ДОГОВОР АРЕНДЫ', 'windows-1251'))).toBe('ДОГОВОР АРЕНДЫ');
    for (const text of [plain, 'ДОГОВОР АРЕНДЫ', 'Срок аренды истекает 31 декабря.', 'Ёж и Яна: 5 % в день']) {
      for (const encoding of ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic']) {
        expect(decodeText(encode(text, encoding))).toBe(text);
      }
    }
  });

  it('keeps typographic quotes of Western files, which are the same in windows-1251', () => {
    expect(decodeText(encode('The “Licensor” won’t – ever – sublicense', 'windows-1252'))).toBe(
      'The “Licensor” won’t – ever – sublicense',
    );
  });

  it('reads western letters and signs, which are Cyrillic ones in the Russian encodings', () => {
    const texts = [
      'Café Müller GmbH’s naïve façade costs £1,500.',
      'Société à responsabilité limitée, Genève',
      'Fee: £20 per day, at 5 °C',
      'Verträge über Grundstücke; Größe 5 m', // lines of a German contract
    ];
    for (const text of texts) {
      for (const encoding of ['windows-1252', 'macintosh']) expect(decodeText(encode(text, encoding))).toBe(text);
    }
  });

  it('believes a declared encoding unless the bytes deny it', () => {
    expect(decodeText(encode('Société anonyme', 'windows-1252'), 'iso-8859-1')).toBe('Société anonyme');
    expect(decodeText(encode(russian, 'windows-1251'), 'utf-8')).toBe(russian);
    expect(decodeText(Buffer.from(russian), 'windows-1251')).toBe(russian);
    expect(decodeText(encode(russian, 'windows-1251'), 'no-such-charset')).toBe(russian);
  });

  it('keeps UTF-8 with a broken byte readable', () => {
    const broken = Buffer.concat([Buffer.from(russian), Buffer.from([0xd0]), Buffer.from(russian)]);
    expect(decodeText(broken)).toBe(`${russian}\ufffd${russian}`);
  });
});
