import { type PluralForms, plural } from '../../app/plural.ts';

const clauses: { en: PluralForms; ru: PluralForms } = {
  en: { one: 'unchanged clause', other: 'unchanged clauses' },
  ru: {
    one: 'пункт без изменений',
    few: 'пункта без изменений',
    many: 'пунктов без изменений',
    other: 'пункта без изменений',
  },
};

const en = {
  heading: 'Comparison',
  before: 'Earlier',
  after: 'Later',
  version: (number: number) => `version ${number}`,
  swap: 'Swap',
  export: 'Save as Word with tracked changes',
  next: 'Next change',
  previous: 'Previous change',
  whole: 'Show unchanged clauses',
  folded: (count: number) => plural('en', count, clauses.en),
  changes: {
    same: 'Unchanged',
    renumbered: 'Only renumbered',
    changed: 'Changed',
    moved: 'Moved',
    inserted: 'Inserted',
    removed: 'Removed',
  },
  wordsInserted: 'Words inserted',
  wordsRemoved: 'Words removed',
  counts: 'What differs',
  equal: 'The texts do not differ. Where lines end, and how much space there is, makes no difference.',
  list: 'Clauses',
  working: 'The documents are being compared…',
};

const ru: typeof en = {
  heading: 'Сравнение',
  before: 'Было',
  after: 'Стало',
  version: (number) => `версия ${number}`,
  swap: 'Поменять местами',
  export: 'Сохранить в Word с исправлениями',
  next: 'Следующее изменение',
  previous: 'Предыдущее изменение',
  whole: 'Показать пункты без изменений',
  folded: (count) => plural('ru', count, clauses.ru),
  changes: {
    same: 'Без изменений',
    renumbered: 'Изменена только нумерация',
    changed: 'Изменено',
    moved: 'Перемещено',
    inserted: 'Добавлено',
    removed: 'Исключено',
  },
  wordsInserted: 'Добавлено слов',
  wordsRemoved: 'Исключено слов',
  counts: 'Что отличается',
  equal: 'Тексты не различаются. Разбивка на строки и число пробелов не учитываются.',
  list: 'Пункты',
  working: 'Документы сравниваются…',
};

export const words = { en, ru };
