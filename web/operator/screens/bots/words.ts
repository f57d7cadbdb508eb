import type { Schemas } from '@pandect/client';
import type { Tone } from '../../parts/badge.tsx';

type Bot = Schemas['ConsoleBot'];

export const botTones: Record<Bot['state'], Tone> = { active: 'ok', stopped: 'quiet', unauthorized: 'danger' };

const statesEn: Record<Bot['state'], string> = {
  active: 'active',
  stopped: 'stopped',
  unauthorized: 'token refused',
};
const deliveriesEn: Record<Bot['delivery'], string> = { webhook: 'webhook', polling: 'polling' };

const en = {
  heading: 'Bots',
  about: 'By numbers only: neither people nor what they wrote.',
  bot: 'Bot',
  organization: 'Organization',
  skills: 'Skills',
  state: 'State',
  states: statesEn,
  delivery: 'Updates by',
  deliveries: deliveriesEn,
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
  states: { active: 'работает', stopped: 'остановлен', unauthorized: 'токен отвергнут' },
  delivery: 'Обновления',
  deliveries: { webhook: 'вебхук', polling: 'опрос' },
  people: 'Людей',
  blocked: 'Заблокировали',
  waiting: 'Обновлений ждёт',
  readings: 'Гаданий сегодня',
  created: 'С',
  none: 'Ботов нет.',
};

export const words = { en, ru };
