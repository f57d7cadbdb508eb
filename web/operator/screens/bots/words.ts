const en = {
  heading: 'Bots',
  about: 'By numbers only: neither people nor what they wrote.',
  bot: 'Bot',
  organization: 'Organization',
  skills: 'Skills',
  state: 'State',
  delivery: 'Updates by',
  people: 'People',
  blocked: 'Blocked it',
  waiting: 'Updates waiting',
  readings: 'Readings today',
  created: 'Since',
  none: 'There are no bots.',
};

const ru: typeof en = {
  heading: 'Боты',
  about: 'Только числа: ни людей, ни того, что они писали.',
  bot: 'Бот',
  organization: 'Организация',
  skills: 'Умения',
  state: 'Состояние',
  delivery: 'Обновления',
  people: 'Людей',
  blocked: 'Заблокировали',
  waiting: 'Обновлений ждёт',
  readings: 'Гаданий сегодня',
  created: 'С',
  none: 'Ботов нет.',
};

export const words = { en, ru };
