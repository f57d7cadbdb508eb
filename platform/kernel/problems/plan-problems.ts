import { type Entry, entry } from './entry.ts';

/** Of plans, limits and money. */
export const planProblems = {
  'plan-limit-reached': entry(
    403,
    ['A limit of the plan is reached', 'The plan "{tier}" allows {limit} ({what})'],
    ['Достигнут предел тарифа', 'Тариф «{tier}» допускает {limit} ({what})'],
  ),
  'subscription-conflict': entry(
    409,
    ['Not possible for this subscription', 'The subscription is "{current}"; "{action}" is not possible now'],
    ['Невозможно для этой подписки', 'Подписка в состоянии «{current}»; действие «{action}» сейчас невозможно'],
  ),
  'trial-used': entry(
    409,
    ['The trial was used', 'An organization can try a plan once'],
    ['Пробный период использован', 'Организация может попробовать тариф один раз'],
  ),
  'next-period-paid': entry(
    409,
    ['The next period is paid', 'The next period was paid for already, so its plan can only be upgraded'],
    ['Следующий период оплачен', 'Следующий период уже оплачен, поэтому его тариф можно только повысить'],
  ),
  'invoice-closed': entry(
    409,
    ['The invoice is closed', 'The invoice is "{state}"; only an open one can be paid'],
    ['Счёт закрыт', 'Счёт в состоянии «{state}»; оплатить можно только открытый'],
  ),
  'too-many-open-invoices': entry(
    409,
    ['Too many open invoices', 'Your organization has {limit} unpaid invoices; pay one or wait until one is withdrawn'],
    [
      'Слишком много неоплаченных счетов',
      'Неоплаченных счетов у организации: {limit}; оплатите один из них или дождитесь его отзыва',
    ],
  ),
  'payment-mismatch': entry(
    409,
    ['The payment does not fit', 'The amount asked for is {expected} {currency}; nothing was booked'],
    ['Платёж не совпадает', 'Ожидалось {expected} {currency}; ничего не проведено'],
  ),
  'daily-questions-used': entry(
    429,
    ['The daily limit of questions is reached', 'The daily limit of questions is reached ({limit})'],
    ['Превышен дневной лимит запросов', 'Превышен дневной лимит запросов ({limit})'],
  ),
  'monthly-questions-used': entry(
    429,
    ['The monthly limit of questions is reached', 'The monthly limit of questions is reached ({limit})'],
    ['Превышен месячный лимит запросов', 'Превышен месячный лимит запросов ({limit})'],
  ),
  'too-many-questions-at-once': entry(
    429,
    [
      'Too many questions at once',
      'The plan allows {limit} questions at the same time; wait for the answer to one of them',
    ],
    [
      'Слишком много вопросов одновременно',
      'Тариф допускает вопросов одновременно: {limit}; дождитесь ответа на один из них',
    ],
  ),
  'tokens-per-minute-used': entry(
    429,
    ['The limit of tokens a minute is reached', 'The limit of AI tokens a minute is reached ({limit})'],
    ['Превышен лимит токенов в минуту', 'Превышен лимит токенов ИИ в минуту ({limit})'],
  ),
  'payment-failed': entry(
    502,
    [
      'The payment provider failed',
      'The payment provider did not answer; nothing was charged, and the same request can be sent again',
    ],
    ['Сбой платёжной системы', 'Платёжная система не ответила; ничего не списано, и тот же запрос можно повторить'],
  ),
  'price-missing': entry(
    503,
    ['The model has no price', 'The model that would answer has no price yet; an administrator must set one'],
    ['У модели нет цены', 'Для модели, которая должна ответить, ещё не задана цена; её задаёт администратор'],
  ),
} satisfies Record<string, Entry>;
