import type { PriceName } from './price-form.tsx';

const namesEn: Record<PriceName, string> = {
  prompt: 'Prompt',
  completion: 'Completion',
  cached: 'Cached prompt',
  cacheWrite: 'Written to a cache',
  reasoning: 'Reasoning',
  image: 'One image',
  second: 'A second of audio',
  request: 'One request',
};

const en = {
  heading: 'Prices of models',
  about:
    'Roubles for a million tokens, unless the column says otherwise. Prices are only added: what was used before is charged at the price of its time.',
  add: 'Add a price',
  model: 'Model',
  modelHint: '* applies to every model without a price of its own',
  validFrom: 'From',
  now: 'Empty: from now on',
  above: 'Above, tokens',
  aboveHint: 'For requests with more prompt tokens; 0 for all others',
  names: namesEn,
  perMillion: 'Roubles for a million tokens',
  perOne: 'Roubles for one',
  mayBeEmpty: 'May be empty',
  inForce: 'in force',
  later: 'later',
  past: 'earlier',
  state: 'State',
  reason: 'Reason',
  save: 'Add the price',
  none: 'No price yet: usage is charged at nothing.',
};

const ru: typeof en = {
  heading: 'Цены моделей',
  about:
    'Рубли за миллион токенов, если в столбце не указано иное. Цены только добавляются: прежний расход считается по ценам своего времени.',
  add: 'Добавить цену',
  model: 'Модель',
  modelHint: '* действует для всех моделей без собственной цены',
  validFrom: 'С',
  now: 'Пусто: с этого момента',
  above: 'Свыше, токенов',
  aboveHint: 'Для запросов с большим числом токенов; 0 — для всех остальных',
  names: {
    prompt: 'Запрос',
    completion: 'Ответ',
    cached: 'Запрос из кэша',
    cacheWrite: 'Запись в кэш',
    reasoning: 'Рассуждение',
    image: 'Изображение',
    second: 'Секунда аудио',
    request: 'Обращение',
  },
  perMillion: 'Рубли за миллион токенов',
  perOne: 'Рубли за единицу',
  mayBeEmpty: 'Можно не указывать',
  inForce: 'действует',
  later: 'позже',
  past: 'ранее',
  state: 'Состояние',
  reason: 'Причина',
  save: 'Добавить цену',
  none: 'Цен пока нет: расход ничего не стоит.',
};

export const words = { en, ru };
