import type { PluralForms } from '../../../app/plural.ts';

const en = {
  heading: 'Errors',
  unit: 'Unit',
  anyUnit: 'all units',
  days: 'In the last',
  periods: { '1': 'hour', '24': 'day', '168': 'week', '': 'time that is kept' } as Record<string, string>,
  error: 'Error',
  count: 'Times',
  total: { one: 'time in all', other: 'times in all' } as PluralForms,
  first: 'First',
  last: 'Last',
  release: 'Release',
  logs: 'Logs',
  logsNamed: (unit: string, name: string) => `Logs of ${unit} with ${name}`,
  none: 'No errors.',
};

const ru: typeof en = {
  heading: 'Ошибки',
  unit: 'Модуль',
  anyUnit: 'все модули',
  days: 'За последние',
  periods: { '1': 'час', '24': 'сутки', '168': 'неделю', '': 'всё время хранения' },
  error: 'Ошибка',
  count: 'Раз',
  total: { one: 'раз всего', few: 'раза всего', many: 'раз всего', other: 'раза всего' },
  first: 'Впервые',
  last: 'В последний раз',
  release: 'Выпуск',
  logs: 'Журнал',
  logsNamed: (unit, name) => `Журнал ${unit}: ${name}`,
  none: 'Ошибок нет.',
};

export const words = { en, ru };
