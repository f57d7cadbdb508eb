import { amountsIn } from './amounts.ts';
import type { Letters } from './letter.ts';

const { roubles, amount, limit: limitOf, time, day } = amountsIn('ru-RU');

const plans = { text: 'Посмотреть тарифы', path: '/plans' };

const limits = { text: 'Посмотреть расход', path: '/usage' };
const budgets = {
  organization: () => 'вся организация',
  key: (name: string) => `ключ API «${name}»`,
  model: (name: string) => `модель «${name}»`,
};
const budgetOf = (scope: keyof typeof budgets, name: string) => budgets[scope](name);

export const russian: Letters = {
  'confirm-email': ({ token }) => ({
    subject: 'Подтвердите адрес почты',
    paragraphs: [
      'Этот адрес указан при регистрации в Pandect. Подтвердите, что регистрировались вы. Сеансы и ключи API, открытые до подтверждения, будут закрыты.',
      'Если вы не регистрировались, не подтверждайте адрес: пароль этой учётной записи знает кто-то другой. Удалите письмо или задайте новый пароль, чтобы учётная запись стала вашей.',
    ],
    link: { text: 'Подтвердить адрес', path: '/confirm-email', token },
  }),
  'reset-password': ({ token }) => ({
    subject: 'Новый пароль',
    paragraphs: [
      'Кто-то попросил сменить пароль вашей учётной записи в Pandect. Если это были вы, задайте новый пароль по ссылке.',
      'Если нет, ничего не делайте: прежний пароль продолжает действовать. Никому не пересылайте это письмо.',
    ],
    link: { text: 'Задать новый пароль', path: '/reset-password', token },
  }),
  'access-ended': ({ reason, sessions, keys }) => ({
    ...{
      confirmed: {
        subject: 'Адрес почты подтверждён',
        paragraphs: [
          'Адрес почты вашей учётной записи в Pandect подтверждён.',
          `Сеансы и ключи API, открытые до подтверждения, закрыты. Сеансов: ${sessions}. Ключей API: ${keys}. Войдите снова.`,
        ],
      },
      reset: {
        subject: 'Пароль сброшен',
        paragraphs: [
          'Для вашей учётной записи в Pandect задан новый пароль по ссылке, отправленной на этот адрес.',
          `Прежние сеансы и ключи API закрыты. Сеансов: ${sessions}. Ключей API: ${keys}. Программам, которые ими пользовались, нужны новые ключи.`,
        ],
      },
      changed: {
        subject: 'Пароль изменён',
        paragraphs: [
          'Пароль вашей учётной записи в Pandect изменил тот, кто знал прежний пароль.',
          `Прежние сеансы закрыты: ${sessions}. Отозвано ключей API: ${keys}.`,
        ],
      },
    }[reason],
    link: { text: 'Если это были не вы, задайте новый пароль', path: '/forgot-password' },
  }),
  invitation: ({ organization, inviter, token }) => ({
    subject: `Приглашение в организацию «${organization}»`,
    paragraphs: [
      `${inviter} приглашает вас работать с документами организации «${organization}» в Pandect.`,
      'Если вы не ждали приглашения, просто удалите письмо.',
    ],
    link: { text: 'Принять приглашение', path: '/invitation', token },
  }),
  'limit-near': ({ what, used, limit, resetAt }) => ({
    subject: `Лимит почти исчерпан: ${limitOf(what)}`,
    paragraphs: [
      `Использовано ${amount(what, used)} из ${amount(what, limit)}: ${limitOf(what)}.`,
      resetAt
        ? `Счёт начнётся заново ${time(resetAt)}. Если этого мало, перейдите на старший тариф: он начнёт действовать сразу.`
        : 'Если этого мало, удалите лишнее или перейдите на старший тариф: он начнёт действовать сразу.',
    ],
    link: plans,
  }),
  'limit-reached': ({ what, used, limit, resetAt }) => ({
    subject: `Лимит исчерпан: ${limitOf(what)}`,
    paragraphs: [
      `Использовано ${amount(what, used)} из ${amount(what, limit)}: ${limitOf(what)}. Дальнейшие запросы сверх лимита отклоняются.`,
      resetAt
        ? `Счёт начнётся заново ${time(resetAt)}. Чтобы не ждать, перейдите на старший тариф: он начнёт действовать сразу.`
        : 'Чтобы продолжить, удалите лишнее или перейдите на старший тариф: он начнёт действовать сразу.',
    ],
    link: plans,
  }),
  'budget-spent': ({ scope, name, what, share, used, limit, resetAt }) => ({
    subject: `Израсходовано ${share} % бюджета: ${budgetOf(scope, name)}`,
    paragraphs: [
      `Израсходовано ${used} из ${limit} ${what === 'cost' ? '₽' : 'токенов'}: ${budgetOf(scope, name)}.`,
      resetAt
        ? `Бюджет начнётся заново ${time(resetAt)}. Администраторы и владельцы могут изменить его в любой момент.`
        : 'Сам по себе бюджет заново не начнётся. Администраторы и владельцы могут изменить его в любой момент.',
    ],
    link: limits,
  }),
  invoice: ({ number, total, dueAt }) => ({
    subject: `Счёт № ${number}`,
    paragraphs: [`Выставлен счёт № ${number} на сумму ${roubles(total)}. Оплатите его до ${day(dueAt)}.`],
    link: { text: 'Открыть счета', path: '/invoices' },
  }),
  payment: ({ number, total }) => ({
    subject: `Оплата по счёту № ${number} получена`,
    paragraphs: [`Получена оплата ${roubles(total)} по счёту № ${number}. Спасибо!`],
    link: { text: 'Открыть счета', path: '/invoices' },
  }),
  subscription: ({ state, tier, until }) => ({
    ...{
      trial: {
        subject: `Пробный период тарифа «${tier}»`,
        paragraphs: [`Начался пробный период тарифа «${tier}». Он продлится до ${day(until)}.`],
      },
      active: {
        subject: `Тариф «${tier}» действует`,
        paragraphs: [`Тариф «${tier}» действует до ${day(until)}.`],
      },
      'past-due': {
        subject: `Тариф «${tier}» не оплачен`,
        paragraphs: [
          `Срок оплаты тарифа «${tier}» прошёл. Он сохранится до ${day(until)}; оплатите счёт, чтобы пользоваться им и дальше.`,
        ],
      },
      cancelled: {
        subject: `Подписка на тариф «${tier}» отменена`,
        paragraphs: [
          `Подписка отменена и продлеваться не будет. До ${day(until)} тариф «${tier}» действует, как прежде.`,
          'Документы сверх бесплатного тарифа потом не удаляются, но новые нельзя будет добавить.',
        ],
      },
      expired: {
        subject: `Подписка на тариф «${tier}» закончилась`,
        paragraphs: [
          `Подписка на тариф «${tier}» закончилась ${day(until)}. Теперь действует бесплатный тариф.`,
          'Документы сверх его лимита не удалены, но новые добавить нельзя.',
        ],
      },
    }[state],
    link: { text: 'Открыть подписку', path: '/subscription' },
  }),
  'document-failed': ({ title, explanation }) => ({
    subject: `Документ «${title}» не удалось обработать`,
    paragraphs: [`Документ «${title}» загружен, но прочитать его не удалось.`, ...(explanation ? [explanation] : [])],
    link: { text: 'Открыть документы', path: '/documents' },
  }),
  'bot-refused': ({ bot }) => ({
    subject: `Telegram больше не принимает токен бота @${bot}`,
    paragraphs: [
      `Telegram больше не принимает токен бота @${bot}, поэтому бот не читает сообщений и не отвечает. Так бывает, когда токен отозван или бот удалён.`,
      'Получите у @BotFather новый токен того же бота и укажите его в настройках бота. Всё, что бот не успел отправить, дождётся нового токена.',
    ],
    link: { text: 'Открыть список ботов', path: '/bots' },
  }),
};
