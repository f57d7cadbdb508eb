/**
 * An amount as Russian documents spell it: «Пять тысяч рублей 00 копеек». Thousands are feminine (одна тысяча), roubles and
 * all larger groups masculine; a noun's form follows the last two digits before it (1 рубль, 2 рубля, 5 рублей, 11 рублей).
 */

type Forms = readonly [one: string, few: string, many: string];

const rouble: Forms = ['рубль', 'рубля', 'рублей'];
const kopeck: Forms = ['копейка', 'копейки', 'копеек'];
/** From the smallest group of three digits on; the first one is counted in roubles themselves. */
const groups: readonly Forms[] = [
  ['', '', ''],
  ['тысяча', 'тысячи', 'тысяч'],
  ['миллион', 'миллиона', 'миллионов'],
  ['миллиард', 'миллиарда', 'миллиардов'],
];

const list = (words: string) => ['', ...words.split(' ')];
const ones = list(
  'один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать ' +
    'пятнадцать шестнадцать семнадцать восемнадцать девятнадцать',
);
const tens = ['', ...list('двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто')];
const hundreds = list('сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот');
const feminine: Record<string, string> = { один: 'одна', два: 'две' };

/** The form of a noun after a number, such as `рубля` after 22. */
export function countedForm(count: number, [one, few, many]: Forms): string {
  const [last, lastTwo] = [count % 10, count % 100];
  if (lastTwo >= 11 && lastTwo <= 14) return many;
  if (last === 1) return one;
  return last >= 2 && last <= 4 ? few : many;
}

/** @param kopecks a whole number; less than a trillion roubles */
export function amountInWords(kopecks: number): string {
  const [whole, rest] = [Math.trunc(kopecks / 100), kopecks % 100];
  if (!Number.isSafeInteger(kopecks) || kopecks < 0 || whole >= 1000 ** groups.length) {
    throw new Error(`Spell amount "${kopecks}": not whole kopecks below a trillion roubles`);
  }
  const words = groups
    .map((forms, index) => {
      const count = Math.trunc(whole / 1000 ** index) % 1000;
      return count === 0 ? '' : `${threeDigits(count, index === 1)} ${countedForm(count, forms)}`.trim();
    })
    .toReversed()
    .filter((text) => text !== '');
  const text = `${words.join(' ') || 'ноль'} ${countedForm(whole, rouble)}`;
  const small = `${String(rest).padStart(2, '0')} ${countedForm(rest, kopeck)}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${small}`;
}

function threeDigits(count: number, isFeminine: boolean): string {
  const below = count % 100;
  const last = ones[below < 20 ? below : below % 10] ?? '';
  return [
    hundreds[Math.trunc(count / 100)],
    below < 20 ? '' : tens[Math.trunc(below / 10)],
    isFeminine ? (feminine[last] ?? last) : last,
  ]
    .filter((word) => word)
    .join(' ');
}
