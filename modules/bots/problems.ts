import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of bots. */

export const botTaken = defineProblem(
  'bot-taken',
  409,
  ['The bot is in use', 'This bot is already set up on the platform. Delete it there first, or use another one'],
  ['Бот уже подключён', 'Этот бот уже подключён на платформе. Сначала удалите его там или возьмите другого'],
);

export const botTokenRefused = defineProblem(
  'bot-token-refused',
  422,
  ['Telegram refuses the token', 'Telegram knows no bot with this token. Take the token that BotFather shows now'],
  [
    'Токен не принят в Telegram',
    'Бота с таким токеном в Telegram нет. Возьмите токен, который сейчас показывает BotFather',
  ],
);

export const otherBot = defineProblem(
  'other-bot',
  422,
  ['The token is another bot’s', 'The token belongs to @{username}. A bot is changed only to a new token of its own'],
  ['Это токен другого бота', 'Токен принадлежит @{username}. Сменить можно только токен того же бота'],
);

export const telegramRefused = defineProblem(
  'telegram-refused',
  502,
  ['Telegram refused the request', 'Telegram answered: {reason}'],
  ['Запрос отклонён в Telegram', 'Ответ Telegram: {reason}'],
);

export const telegramUnavailable = defineProblem(
  'telegram-unavailable',
  503,
  ['Telegram is not reachable', 'Telegram did not answer. Retry in {seconds} s'],
  ['Нет связи с Telegram', 'Ответ от Telegram не получен. Повторите через {seconds} с'],
);

export const botsRemain = defineProblem(
  'bots-remain',
  409,
  [
    'The organization has bots',
    'Telegram keeps charging the subscribers of a bot until it is removed. Remove the bots first: {bots}',
  ],
  [
    'У организации есть боты',
    'Пока бот не удалён, Telegram продолжает списывать оплату с подписчиков. Сначала удалите ботов: {bots}',
  ],
);
