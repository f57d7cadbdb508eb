import { equationText } from './equation-field.ts';
import { symbolCharacter, symbolFont } from './symbol-fonts.ts';

/** What Word shows for a field that keeps no result, by its instructions; undefined where these do not say it. */
export function fieldValue(code: string): string | undefined {
  const [, kind = '', rest = ''] = /^\s*(\w+)\s*([\s\S]*)$/.exec(code) ?? [];
  switch (kind.toUpperCase()) {
    case 'EQ':
      return equationText(rest);
    case 'SYMBOL': {
      const number = /^(0x[\da-f]{1,5}|\d{1,6})/i.exec(rest)?.[1];
      const font = /\\f\s{0,4}(?:"([^"]{1,60})"|(\S{1,60}))/i.exec(rest);
      const isUnicode = /\\u\b/i.test(rest);
      return number && symbolCharacter(isUnicode ? undefined : symbolFont(font?.[1] ?? font?.[2]), Number(number));
    }
    case 'MACROBUTTON':
    case 'GOTOBUTTON':
      return /^\S+\s+([\s\S]*)$/.exec(rest)?.[1]?.trim();
    default:
      return undefined;
  }
}

const valued = /^\s*(EQ|SYMBOL|LISTNUM|AUTONUM\w*|FORM\w+|DOCPROPERTY|MERGEFIELD)\b/i;

/** The name of a field that shows something though neither its result nor its instructions say what. */
export const unreadField = (code: string): string | undefined => valued.exec(code)?.[1];
