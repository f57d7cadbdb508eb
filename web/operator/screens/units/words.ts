import type { PluralForms } from '../../../app/plural.ts';

const en = {
  heading: 'Units',
  kind: 'Kind',
  kinds: { function: 'function', worker: 'worker', site: 'site' },
  kindAll: 'all kinds',
  name: 'Unit',
  state: 'State',
  processes: 'Processes',
  restarts: { one: 'crash', other: 'crashes' } as PluralForms,
  memory: 'Memory',
  rate: 'Per second',
  errors: 'Errors',
  p95: '95 % within',
  waiting: 'Waiting',
  sort: 'First',
  sorts: {
    name: 'by name',
    requests: 'most requests',
    errors: 'most errors',
    p95: 'slowest',
    memory: 'most memory',
    waiting: 'longest waiting',
  },
  actions: 'Change',
  changing: 'under way',
  none: 'The platform has no units.',
};

const ru: typeof en = {
  heading: 'Модули',
  kind: 'Вид',
  kinds: { function: 'функция', worker: 'обработчик', site: 'сайт' },
  kindAll: 'все виды',
  name: 'Модуль',
  state: 'Состояние',
  processes: 'Процессы',
  restarts: { one: 'падение', few: 'падения', many: 'падений', other: 'падения' },
  memory: 'Память',
  rate: 'В секунду',
  errors: 'Ошибки',
  p95: '95 % за',
  waiting: 'Ждут',
  sort: 'Сначала',
  sorts: {
    name: 'по имени',
    requests: 'больше запросов',
    errors: 'больше ошибок',
    p95: 'медленнее',
    memory: 'больше памяти',
    waiting: 'дольше ждут',
  },
  actions: 'Изменить',
  changing: 'меняется',
  none: 'На платформе нет модулей.',
};

export const words = { en, ru };
