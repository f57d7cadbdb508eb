/** What a word counts in a number that is written in words. */
export type NumberPart =
  | { kind: 'digits'; value: number; rank: 'unit' | 'teen' | 'ten' | 'hundred' }
  | { kind: 'times'; value: number; mayStandAlone: boolean }
  /** «целых» and "point", between whole and fraction. */
  | { kind: 'point'; language: 'ru' | 'en' }
  /** «десятых», «сотых»: behind the fraction. */
  | { kind: 'fraction'; value: number }
  | { kind: 'half' }
  /** «и», «с», "and", "a": within a number they say nothing of their own. */
  | { kind: 'link' };

type Rank = Extract<NumberPart, { kind: 'digits' }>['rank'];

/** Forms of each number in all cases, from the first value on. */
const russian: [rank: Rank, first: number, step: number, forms: string][] = [
  ['unit', 0, 1, 'ноль/нуль/ноля/нуля/нолю/нулю/нолем/нулем/ноле/нуле'],
  ['unit', 1, 1, 'один/одного/одному/одним/одном/одна/одной/одну/одною/одно'],
  ['unit', 1.5, 1, 'полтора/полторы/полутора'],
  ['unit', 2, 1, 'два/две/двух/двум/двумя три/трех/трем/тремя четыре/четырех/четырем/четырьмя'],
  [
    'unit',
    5,
    1,
    'пять/пяти/пятью шесть/шести/шестью семь/семи/семью восемь/восьми/восемью/восьмью девять/девяти/девятью',
  ],
  [
    'teen',
    10,
    1,
    'десять/десяти/десятью одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат',
  ],
  [
    'ten',
    20,
    10,
    'двадцат тридцат сорок/сорока пятьдесят/пятидесяти/пятьюдесятью шестьдесят/шестидесяти/шестьюдесятью',
  ],
  ['ten', 70, 10, 'семьдесят/семидесяти/семьюдесятью восемьдесят/восьмидесяти/восемьюдесятью девяносто/девяноста'],
  [
    'hundred',
    100,
    100,
    'сто/ста двести/двухсот/двумстам/двумястами/двухстах триста/трехсот/тремстам/тремястами/трехстах',
  ],
  [
    'hundred',
    400,
    100,
    'четыреста/четырехсот/четыремстам/четырьмястами/четырехстах пятьсот/пятисот/пятистам/пятьюстами/пятистах',
  ],
  [
    'hundred',
    600,
    100,
    'шестьсот/шестисот/шестистам/шестьюстами/шестистах семьсот/семисот/семистам/семьюстами/семистах',
  ],
  [
    'hundred',
    800,
    100,
    'восемьсот/восьмисот/восьмистам/восемьюстами/восьмистах девятьсот/девятисот/девятистам/девятьюстами/девятистах',
  ],
];
const english: [rank: Rank, first: number, step: number, forms: string][] = [
  ['unit', 0, 1, 'zero one two three four five six seven eight nine'],
  ['teen', 10, 1, 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'],
  ['ten', 20, 10, 'twenty thirty forty/fourty fifty sixty seventy eighty ninety'],
];
/** Those in the singular are numbers without another before them: «тысяча рублей», but not «тысяч рублей». */
const multiples: [value: number, alone: string, others: string][] = [
  [1e2, '', 'hundred'],
  [1e3, 'тысяча тысячу тысячей тысячью', 'тысячи тысяче тысяч тысячам тысячами тысячах thousand'],
  [1e6, 'миллион', 'миллиона миллиону миллионом миллионе миллионы миллионов миллионам миллионами миллионах million'],
  [
    1e9,
    'миллиард',
    'миллиарда миллиарду миллиардом миллиарде миллиарды миллиардов миллиардам миллиардами миллиардах billion',
  ],
];
const fractions: [value: number, stem: string][] = [
  [10, 'десят'],
  [100, 'сот'],
  [1000, 'тысячн'],
];

/** By the words as `words` gives them. */
export function numberWords(): ReadonlyMap<string, NumberPart> {
  const known = new Map<string, NumberPart>();
  for (const [rank, first, step, numbers] of [...russian, ...english]) {
    for (const [at, forms] of numbers.split(' ').entries()) {
      // Most have the same endings.
      const all = forms.endsWith('дцат') ? ['ь', 'и', 'ью'].map((ending) => forms + ending) : forms.split('/');
      for (const form of all) known.set(form, { kind: 'digits', value: first + at * step, rank });
    }
  }
  for (const [value, alone, others] of multiples) {
    for (const form of alone.split(' ').filter(Boolean)) known.set(form, { kind: 'times', value, mayStandAlone: true });
    for (const form of others.split(' ')) known.set(form, { kind: 'times', value, mayStandAlone: false });
  }
  for (const [value, stem] of fractions) {
    for (const ending of ['ая', 'ой', 'ую', 'ых', 'ыми', 'ым']) known.set(stem + ending, { kind: 'fraction', value });
  }
  for (const form of ['целая', 'целых', 'целой', 'целую', 'целыми', 'целым'])
    known.set(form, { kind: 'point', language: 'ru' });
  known.set('point', { kind: 'point', language: 'en' });
  for (const form of ['half', 'половина', 'половины', 'половине', 'половину', 'половиной']) {
    known.set(form, { kind: 'half' });
  }
  known.set('полпроцента', { kind: 'half' });
  for (const form of ['and', 'и', 'с', 'a']) known.set(form, { kind: 'link' });
  return known;
}
