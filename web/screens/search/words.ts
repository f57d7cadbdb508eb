import { type PluralForms, plural } from '../../app/plural.ts';

const passages: { en: PluralForms; ru: PluralForms } = {
  en: { one: 'passage found', other: 'passages found' },
  ru: { one: 'фрагмент найден', few: 'фрагмента найдено', many: 'фрагментов найдено', other: 'фрагмента найдено' },
};

const en = {
  heading: 'Search',
  query: 'What to look for in your documents',
  hint: 'Words, a clause, or a question. Legal synonyms are found as well.',
  search: 'Search',
  type: 'Kind of document',
  language: 'Language of the document',
  any: 'Any',
  found: (count: number) => plural('en', count, passages.en),
  none: 'Nothing was found. Try other words or fewer filters.',
  ask: 'Ask this as a question',
  page: (page: number) => `page ${page}`,
  open: (title: string) => `Show the source: ${title}`,
  results: 'Passages, best first',
  notices: 'Parts of these documents could not be read',
};

const ru: typeof en = {
  heading: 'Поиск',
  query: 'Что найти в документах',
  hint: 'Слова, условие или вопрос. Юридические синонимы тоже учитываются.',
  search: 'Найти',
  type: 'Вид документа',
  language: 'Язык документа',
  any: 'Любое значение',
  found: (count) => plural('ru', count, passages.ru),
  none: 'Ничего не найдено. Попробуйте другие слова или уберите условия.',
  ask: 'Задать как вопрос',
  page: (page) => `страница ${page}`,
  open: (title) => `Показать источник: ${title}`,
  results: 'Фрагменты, лучшие сначала',
  notices: 'В этих документах прочитаны не все части',
};

export const words = { en, ru };
