import { type PluralForms, plural } from '../app/plural.ts';

const files: { en: PluralForms; ru: PluralForms } = {
  en: { one: 'file', other: 'files' },
  ru: { one: 'файл', few: 'файла', many: 'файлов', other: 'файла' },
};

const en = {
  heading: 'Uploads',
  files: 'Files that are uploaded',
  title: (done: number, all: number) => `Uploads: ${done} of ${plural('en', all, files.en)} ready`,
  open: 'Show the uploads',
  close: 'Hide the uploads',
  failedOnly: (count: number) => `Failed only (${count})`,
  noneFailed: 'Nothing has failed.',
  clear: 'Clear the list',
  retry: 'Try again',
  retryAll: 'Try all again',
  plans: 'Compare the plans',
  remove: (path: string) => `Remove from the list: ${path}`,
  states: {
    waiting: 'Waiting',
    sending: (sent: string, all: string) => `Sending, ${sent} of ${all}`,
    lost: (sent: string, all: string) => `Waiting for the network, continues at ${sent} of ${all}`,
    paused: 'Paused',
    stored: 'Uploaded, waiting to be read',
    reading: 'Reading',
    readingPages: (done: string, all: string) => `Reading, page ${done} of ${all}`,
    stalled: 'No progress since',
    stalledHint: 'it continues by itself',
    ready: 'Ready',
    duplicate: 'Already there:',
    duplicateUnknown: 'The organization has this content already',
    cancelled: 'Given up',
  },
};

const ru: typeof en = {
  heading: 'Загрузки',
  files: 'Загружаемые файлы',
  title: (done, all) => `Загрузки: готово ${done} из ${all}`,
  open: 'Показать загрузки',
  close: 'Скрыть загрузки',
  failedOnly: (count) => `Только ошибки (${count})`,
  noneFailed: 'Ошибок нет.',
  clear: 'Очистить список',
  retry: 'Повторить',
  retryAll: 'Повторить все',
  plans: 'Сравнить тарифы',
  remove: (path) => `Убрать из списка: ${path}`,
  states: {
    waiting: 'Ожидает',
    sending: (sent, all) => `Отправляется, ${sent} из ${all}`,
    lost: (sent, all) => `Ожидает сеть, продолжится с ${sent} из ${all}`,
    paused: 'Приостановлено',
    stored: 'Загружен, ожидает чтения',
    reading: 'Читается',
    readingPages: (done, all) => `Читается, страница ${done} из ${all}`,
    stalled: 'Без изменений с',
    stalledHint: 'чтение продолжится само',
    ready: 'Готов',
    duplicate: 'Уже загружен:',
    duplicateUnknown: 'В организации уже есть документ с таким содержимым',
    cancelled: 'Отменено',
  },
};

export const words = { en, ru };
