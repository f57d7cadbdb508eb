import { fraction, root, script } from './formula.ts';

/*
 * Formulas as fields: `EQ \f(1;300)`. Switches are single letters with their options before the bracket; arguments are
 * parted by `;` or `,`, whichever the machine has that wrote them.
 */

const deepest = 20;

/** A formula as one line: `1/300`. Undefined for an empty one. */
export function equationText(code: string): string | undefined {
  const text = readPart(code.slice(0, 2000), 0, 0).text.trim();
  return text === '' ? undefined : text;
}

/** Reads up to the bracket that closes, or to the end. */
function readPart(code: string, start: number, depth: number): { text: string; arguments: string[]; end: number } {
  const parts: string[] = [];
  let text = '';
  let at = start;
  const separator = code.includes(';') ? ';' : ',';
  while (at < code.length) {
    const sign = code.charAt(at);
    const command = /^\\([a-z])((?:\s*\\[a-z]{1,2}(?:\s?\d{1,3}|\s?\\?[^\w\s\\(])?)*)\s*\(/i.exec(
      code.slice(at, at + 200),
    );
    if (command && depth < deepest) {
      const inner = readPart(code, at + command[0].length, depth + 1);
      text += commandText(command[1]?.toLowerCase() ?? '', command[2] ?? '', inner.arguments);
      at = inner.end;
    } else if (sign === ')' && depth > 0) {
      parts.push(text);
      return { text, arguments: parts, end: at + 1 };
    } else if (sign === separator && depth > 0) {
      parts.push(text.trim());
      text = '';
      at += 1;
    } else {
      const escaped = sign === '\\' ? code.charAt(at + 1) : '';
      text += escaped === '' ? sign : /[\\;,()]/.test(escaped) ? escaped : '';
      at += escaped === '' ? 1 : 2;
    }
  }
  return { text, arguments: [...parts, text], end: at };
}

function commandText(command: string, options: string, [first = '', ...rest]: string[]): string {
  const [second = ''] = rest;
  switch (command) {
    case 'f':
      return fraction(first, second);
    case 'r':
      return rest.length > 0 ? root(second, first) : root(first);
    case 's':
      return /\\do/i.test(options) ? script('', first, 'sub') : script('', first, 'super');
    case 'b':
      return `(${first})`;
    case 'i':
      return `∑ ${[first, ...rest].join(' ')}`;
    default:
      return [first, ...rest].filter((each) => each !== '').join(' ');
  }
}
