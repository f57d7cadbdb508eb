import { symbolFont } from '../markup/symbol-fonts.ts';

/** Code pages by `\fcharset` (RTF 1.9.1, "Font Table"). */
const charsets: Record<number, string> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
  254: 'ibm866',
};
const codePages: Record<number, string> = { 866: 'ibm866', 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' };
const symbolCharset = 2;

interface Font {
  name: string;
  encoding: string;
  isSymbols: boolean;
}

export interface Fonts {
  /** What `\ansicpg` and `\mac` say of the whole file. */
  setCodePage(value: number | 'macintosh'): void;
  setUsual(number: number): void;
  /** The font that the table describes from here on. */
  define(number: number): void;
  setCharset(value: number): void;
  addName(text: string): void;
  name(number: number | undefined): string;
  /** The name under which the font's signs are known; undefined for fonts of letters. */
  symbols(number: number | undefined): string | undefined;
  /** A font of signs of which nothing is known. */
  isUnknown(number: number | undefined): boolean;
  decode(bytes: readonly number[], number: number | undefined): string;
}

export function createFonts(): Fonts {
  const fonts = new Map<number, Font>();
  const decoders = new Map<string, TextDecoder>();
  let defined: Font | undefined;
  let usualFont = 0;
  let usual = 'windows-1252';
  const find = (number: number | undefined) => fonts.get(number ?? usualFont);
  return {
    setCodePage(value) {
      usual = typeof value === 'string' ? value : (codePages[value] ?? `windows-${value}`);
    },
    setUsual(number) {
      usualFont = number;
    },
    define(number) {
      defined = { name: '', encoding: '', isSymbols: false };
      fonts.set(number, defined);
    },
    setCharset(value) {
      if (!defined) return;
      defined.encoding = charsets[value] ?? '';
      defined.isSymbols = value === symbolCharset;
    },
    addName(text) {
      if (defined && defined.name.length < 100) defined.name += text.split(';')[0] ?? '';
    },
    name: (number) => find(number)?.name.trim() ?? '',
    symbols: (number) => symbolFont(find(number)?.name),
    isUnknown: (number) => find(number)?.isSymbols === true && symbolFont(find(number)?.name) === undefined,
    decode(bytes, number) {
      const font = find(number);
      if (font?.isSymbols || symbolFont(font?.name) !== undefined) return Buffer.from(bytes).toString('latin1');
      const label = font?.encoding || usual;
      const decoder = decoders.get(label) ?? createDecoder(label);
      decoders.set(label, decoder);
      return decoder.decode(Uint8Array.from(bytes));
    },
  };
}

function createDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    // An unknown code page: the letters of ASCII are the same in all of them.
    return new TextDecoder('windows-1252');
  }
}
