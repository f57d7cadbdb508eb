/** Digits of a text, without what stands between them. */
const digitsOf = (text: string): number[] => [...text.replaceAll(/\D/g, '')].map(Number);

/** Payment cards: ISO/IEC 7812. */
export function isCardNumber(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length < 13 || digits.length > 19 || digits.every((digit) => digit === digits[0])) return false;
  const sum = digits.toReversed().reduce((total, digit, index) => {
    const doubled = digit * 2;
    return total + (index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  (weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 11) % 10;

/** Taxpayer numbers of persons: twelve digits, the last two of which are checks. */
export function isPersonalInn(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 12) return false;
  return (
    weighted(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === digits[10] &&
    weighted(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === digits[11]
  );
}

interface Rule {
  shape: RegExp;
  mark: string;
  /** For shapes that other numbers have too. */
  isOne?: (text: string) => boolean;
}

/**
 * In order: what is long first, so that nothing of it is left. Each expression takes time linear in the length of the text: what
 * repeats is bounded or excludes what follows it.
 */
const rules: readonly Rule[] = [
  { shape: /\bdata:[\w.+-]{1,60}\/[\w.+-]{1,60}(?:;[\w=.-]{1,60}){0,4};base64,[A-Za-z0-9+/=_-]*/gi, mark: '[data]' },
  { shape: /[A-Za-z0-9+/_-]{200,}={0,2}/g, mark: '[base64]' },
  {
    shape: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    mark: '[key]',
  },
  { shape: /\beyJ[\w-]{8,200}\.[\w-]{8,}(?:\.[\w-]*)?/g, mark: '[key]' },
  { shape: /\b(?:bearer|basic|api-key)\s{1,4}[\w.~+/*=-]{8,}/gi, mark: '[key]' },
  { shape: /\b(?:sk|pk|rk)[-_][\w*-]{10,}/g, mark: '[key]' },
  { shape: /\bpandect_[\w-]{20,}/g, mark: '[key]' },
  {
    shape: /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|hf_\w{20,})/g,
    mark: '[key]',
  },
  { shape: /\b(?:A(?:KIA|SIA)[0-9A-Z]{16}|AIza[\w-]{35}|AQVN[\w-]{30,}|t1\.[\w=-]{10,}\.[\w=-]{40,})/g, mark: '[key]' },
  {
    shape:
      /(?<![\p{L}\d])(?:api[_-]?key|secret|password|passwd|token|пароль|токен)["']?\s{0,4}[:=]\s{0,4}["']?(?=[^\s"',;()]{0,100}\d)[^\s"',;()]{6,}/giu,
    mark: '[key]',
  },
  { shape: /:\/\/[^\s/:@]{1,100}:[^\s/@]{1,100}@/g, mark: '://[key]@' },
  { shape: /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){1,6}/gu, mark: '[email]' },
  { shape: /(?<![\d-])\d{3}-\d{3}-\d{3}[ -]\d{2}(?![\d-])/g, mark: '[snils]' },
  { shape: /снилс\D{0,12}\d{11}(?!\d)/giu, mark: '[snils]' },
  { shape: /(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d-])/g, mark: '[card]', isOne: isCardNumber },
  { shape: /(?<!\d)инн\D{0,12}\d{10}(?:\d{2})?(?!\d)/giu, mark: '[inn]' },
  { shape: /(?<![\d.,-])\d{12}(?!\d)/g, mark: '[inn]', isOne: isPersonalInn },
  { shape: /паспорт[^\d\n]{0,40}\d{2}\s?\d{2}[^\d\n]{0,12}\d{6}(?!\d)/giu, mark: '[passport]' },
  { shape: /серия\s{0,3}\d{2}\s?\d{2}[^\d\n]{0,12}\d{6}(?!\d)/giu, mark: '[passport]' },
  { shape: /(?<![\d-])\d{2}\s\d{2}\s(?:№\s?|N\s?)?\d{6}(?![\d-])/g, mark: '[passport]' },
  { shape: /(?<![\d-])\d{4}\s(?:№\s?|N\s?)?\d{6}(?![\d-])/g, mark: '[passport]' },
  { shape: /(?<![\d+])(?:\+7|8|7)[ -]?\(?\d{3}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)/g, mark: '[phone]' },
  { shape: /(?<![\d+])\+[1-9]\d{0,2}(?:[ -]?\(?\d{1,4}\)?){3,6}(?!\d)/g, mark: '[phone]' },
];

/**
 * A text without keys of known shapes, e-mails, phones, payment cards, Russian passports, SNILS, INN, encoded data and data URLs. Names and
 * addresses of people stay: no shape tells them from other words.
 */
export function redact(text: string): string {
  let redacted = text;
  for (const { shape, mark, isOne } of rules) {
    redacted = redacted.replaceAll(shape, (found: string) => (isOne && !isOne(found) ? found : mark));
  }
  return redacted;
}
