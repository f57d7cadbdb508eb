import type { Language } from '../../../platform/kernel/problem.ts';

/** What a bot itself says; each skill has its own words. */
interface Words {
  /** Of commands, in the menu. */
  commands: Record<
    'start' | 'help' | 'balance' | 'buy' | 'history' | 'language' | 'export' | 'delete' | 'paysupport' | 'terms',
    string
  >;
  hello: string;
  help: string;
  unknownCommand(command: string): string;
  outdatedButton: string;
  onlyText: string;
  notUnderstood: string;
  onlyPrivate(username: string): string;
  tooFast(seconds: number): string;
  failed: string;
  askAge: string;
  isAdult: string;
  isYounger: string;
  thanksAdult: string;
  sorryYounger: string;
  askLanguage: string;
  languageSet: string;
  balance: string;
  /** Free units, bought and held ones, in words of the unit. */
  free(amount: string, limit: number, until: string): string;
  bought(amount: string): string;
  held(amount: string): string;
  nothingSold: string;
  invite(link: string): string;
  invited: string;
  linked: string;
  notLinked: string;
  noHistory: string;
  history: string;
  show: string;
  askErase: string;
  erase: string;
  keep: string;
  erased: string;
  kept: string;
  exported: string;
  paySupport(contact: string | undefined): string;
  terms(address: string | undefined): string;
  noneLeft(left: string): string;
  comesBack(at: string): string;
  buy: string;
  choosePack(inRoubles: boolean): string;
  orRoubles: string;
  payRoubles(price: string): string;
  thanksPaid(amount: string): string;
  paidWrong: string;
  refunded: string;
  subscriptionEnds: string;
}

const ru: Words = {
  commands: {
    start: 'начать сначала',
    help: 'что умеет бот',
    balance: 'сколько осталось',
    buy: 'купить ещё',
    history: 'что было раньше',
    language: 'язык',
    export: 'получить свои данные',
    delete: 'удалить свои данные',
    paysupport: 'вопросы об оплате',
    terms: 'условия',
  },
  hello: 'Здравствуйте!',
  help: 'Команды:',
  unknownCommand: (command) => `Команды /${command} здесь нет. Список команд: /help`,
  outdatedButton: 'Эта кнопка больше не действует. Начните сначала: /start',
  onlyText: 'Бот понимает только текст и кнопки. Напишите, пожалуйста, словами.',
  notUnderstood: 'Не получилось понять сообщение. Что умеет бот: /help',
  onlyPrivate: (username) => `Этот бот отвечает только в личном чате: https://t.me/${username}`,
  tooFast: (seconds) =>
    `Слишком много сообщений подряд. Продолжите, пожалуйста, через ${seconds} с; лишние сообщения пропущены, ничего не списано.`,
  failed:
    'Ответить не удалось, хотя мы пробовали несколько раз. Ничего не списано. Попробуйте, пожалуйста, ещё раз позже.',
  askAge: 'Бот предназначен для тех, кому уже исполнилось 18 лет. Вам есть 18?',
  isAdult: 'Да, мне есть 18',
  isYounger: 'Нет',
  thanksAdult: 'Спасибо! Повторите, пожалуйста, что Вы хотели.',
  sorryYounger: 'Тогда бот пока не для Вас. Приходите, когда исполнится 18.',
  askLanguage: 'На каком языке Вам удобнее?',
  languageSet: 'Хорошо, теперь бот говорит по-русски.',
  balance: 'Ваш баланс',
  free: (amount, limit, until) => `Бесплатно сегодня: ${amount} из ${limit}; снова ${limit} — ${until}`,
  bought: (amount) => `Куплено: ${amount}`,
  held: (amount) => `Занято тем, что сейчас в работе: ${amount}`,
  nothingSold: 'У этого бота пока ничего не продаётся.',
  invite: (link) => `Ваша ссылка для друзей, за каждого нового — бонус Вам обоим: ${link}`,
  invited: 'Вы пришли по приглашению: бонус Вам и тому, кто Вас позвал, уже начислен.',
  linked:
    'Теперь я знаю Вашу учётную запись и отвечаю с её правами. Отменить это можно в Pandect или командой /delete.',
  notLinked: 'Эта ссылка не действует: она использована или устарела. Создайте в Pandect новую.',
  noHistory: 'Пока здесь пусто.',
  history: 'Последнее:',
  show: 'Показать',
  askErase:
    'Удалить всё, что бот о Вас хранит: настройки, переписку, историю? Вернуть это будет нельзя, подписка больше не продлится. Записи о балансе и платежах останутся без Вашего имени и номера: их требует учёт.',
  erase: 'Да, удалить',
  keep: 'Нет, оставить',
  erased: 'Ваши данные удалены. Если захотите вернуться: /start',
  kept: 'Ничего не удалено.',
  exported: 'Всё, что бот о Вас хранит.',
  paySupport: (contact) =>
    contact === undefined
      ? 'Опишите, пожалуйста, вопрос об оплате владельцу бота; он ответит за платежи и возвраты. Служба поддержки Telegram вопросами о покупках в этом боте не занимается.'
      : `По вопросам об оплате и возвратах пишите: ${contact}. Служба поддержки Telegram вопросами о покупках в этом боте не занимается.`,
  terms: (address) =>
    address === undefined
      ? 'Купленное тратится, когда ответ получен; если ответить не удалось, ничего не списывается. Ответы составляет языковая модель; она может ошибаться. Свои данные можно получить (/export) и удалить (/delete).'
      : `Условия: ${address}`,
  noneLeft: (left) => `На это не хватает: осталось ${left}.`,
  comesBack: (at) => `Бесплатное появится снова ${at}.`,
  buy: 'Купить ещё',
  choosePack: (inRoubles) =>
    `Что Вы хотите купить? Оплата — звёздами Telegram${inRoubles ? ' или, где есть цена, рублями' : ''}.`,
  orRoubles: 'Или оплатите рублями: о зачислении бот напишет сюда.',
  payRoubles: (price) => `Оплатить ${price}`,
  thanksPaid: (amount) => `Спасибо! Оплата получена: ${amount}. Баланс: /balance`,
  paidWrong: 'Оплата получена, но не подходит ни к одному счёту. Мы вернём её; вопросы — /paysupport',
  refunded: 'Оплата возвращена, купленное за неё снято с баланса.',
  subscriptionEnds: 'Подписка больше не продлевается. То, что уже оплачено, остаётся до конца срока.',
};

const en: Words = {
  commands: {
    start: 'start over',
    help: 'what the bot can do',
    balance: 'what is left',
    buy: 'buy more',
    history: 'what you did before',
    language: 'language',
    export: 'get your data',
    delete: 'delete your data',
    paysupport: 'questions about payments',
    terms: 'terms',
  },
  hello: 'Hello!',
  help: 'Commands:',
  unknownCommand: (command) => `There is no command /${command} here. For the list of commands: /help`,
  outdatedButton: 'This button no longer works. Please start over: /start',
  onlyText: 'The bot understands only text and buttons. Please write it in words.',
  notUnderstood: 'The bot did not understand this message. What it can do: /help',
  onlyPrivate: (username) => `This bot answers in private chats only: https://t.me/${username}`,
  tooFast: (seconds) =>
    `Too many messages in a row. Please continue in ${seconds} s; the messages beyond the limit were skipped, and nothing was charged.`,
  failed: 'The bot could not answer, although it tried several times. Nothing was charged. Please try again later.',
  askAge: 'This bot is for people aged 18 or older. Are you 18?',
  isAdult: 'Yes, I am 18 or older',
  isYounger: 'No',
  thanksAdult: 'Thank you! Please repeat what you wanted.',
  sorryYounger: 'Then this bot is not for you yet. Please come back when you are 18.',
  askLanguage: 'Which language do you prefer?',
  languageSet: 'The bot speaks English now.',
  balance: 'Your balance',
  free: (amount, limit, until) => `Free today: ${amount} of ${limit}; ${limit} again ${until}`,
  bought: (amount) => `Bought: ${amount}`,
  held: (amount) => `Held by what is in progress: ${amount}`,
  nothingSold: 'This bot does not sell anything yet.',
  invite: (link) => `Your link for friends; each new one brings a bonus to both of you: ${link}`,
  invited: 'You came by an invitation: you and the person who invited you have received a bonus.',
  linked: 'Now I know your account and answer with its rights. You can end this in Pandect or with /delete.',
  notLinked: 'This link does not work: it was used or is too old. Make a new one in Pandect.',
  noHistory: 'There is nothing here yet.',
  history: 'The latest:',
  show: 'Show',
  askErase:
    'Delete everything that the bot keeps about you: settings, messages, history? This cannot be undone, and a subscription is not renewed any more. Records of balance and payments stay without your name and number, as bookkeeping requires them.',
  erase: 'Yes, delete',
  keep: 'No, keep',
  erased: 'Your data is deleted. If you want to come back: /start',
  kept: 'Nothing was deleted.',
  exported: 'Everything that the bot keeps about you.',
  paySupport: (contact) =>
    contact === undefined
      ? 'Please describe your question about a payment to the owner of this bot, who is responsible for payments and refunds. Telegram support does not handle purchases made in this bot.'
      : `For questions about payments and refunds write to ${contact}. Telegram support does not handle purchases made in this bot.`,
  terms: (address) =>
    address === undefined
      ? 'What you bought is used when an answer is delivered; when the bot cannot answer, nothing is charged. Answers are written by a language model, which can be wrong. You can get (/export) and delete (/delete) your data.'
      : `Terms: ${address}`,
  noneLeft: (left) => `Not enough for this: ${left} left.`,
  comesBack: (at) => `Free ones come back ${at}.`,
  buy: 'Buy more',
  choosePack: (inRoubles) =>
    `What would you like to buy? You pay with Telegram Stars${inRoubles ? ' or, where there is a price, in roubles' : ''}.`,
  orRoubles: 'Or pay in roubles: the bot will tell you here once it is credited.',
  payRoubles: (price) => `Pay ${price}`,
  thanksPaid: (amount) => `Thank you! Your payment was received: ${amount}. Your balance: /balance`,
  paidWrong: 'Your payment was received, but it matches no invoice. We will pay it back; questions: /paysupport',
  refunded: 'Your payment was paid back, and what it had bought was taken off your balance.',
  subscriptionEnds: 'Your subscription is no longer renewed. What you paid for stays until its end.',
};

export const words: Record<Language, Words> = { ru, en };
