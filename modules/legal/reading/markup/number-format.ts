/** Letters as Word counts in Russian: without ё, й, ъ, ы, ь. */
const russian = 'абвгдежзиклмнопрстуфхцчшщэюя';
const latin = 'abcdefghijklmnopqrstuvwxyz';

const romans: [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

export type NumberFormat =
  | 'decimal'
  | 'decimalZero'
  | 'lowerLetter'
  | 'upperLetter'
  | 'lowerRoman'
  | 'upperRoman'
  | 'russianLower'
  | 'russianUpper'
  | 'ordinal'
  | 'none';

/** A number as lists show it. Those that a format has no sign for are decimal. */
export function formatNumber(value: number, format: NumberFormat): string {
  switch (format) {
    case 'decimalZero':
      return String(value).padStart(2, '0');
    case 'lowerLetter':
      return letters(value, latin);
    case 'upperLetter':
      return letters(value, latin).toUpperCase();
    case 'russianLower':
      return letters(value, russian);
    case 'russianUpper':
      return letters(value, russian).toUpperCase();
    case 'lowerRoman':
      return roman(value);
    case 'upperRoman':
      return roman(value).toUpperCase();
    case 'ordinal':
      return `${value}${ordinalEnding(value)}`;
    case 'none':
      return '';
    default:
      return String(value);
  }
}

/** Behind the last letter come doubled ones: z, aa, bb. */
function letters(value: number, alphabet: string): string {
  if (value < 1 || value > alphabet.length * 20) return String(value);
  const letter = alphabet[(value - 1) % alphabet.length] as string;
  return letter.repeat(Math.ceil(value / alphabet.length));
}

function roman(value: number): string {
  if (value < 1 || value >= 4000) return String(value);
  let rest = value;
  let text = '';
  for (const [worth, sign] of romans) {
    while (rest >= worth) {
      text += sign;
      rest -= worth;
    }
  }
  return text;
}

function ordinalEnding(value: number): string {
  if (Math.floor(value / 10) % 10 === 1) return 'th';
  return ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th';
}
