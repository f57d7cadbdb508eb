import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of plans, limits and money. */

export const walletEmpty = defineProblem(
  'wallet-empty',
  402,
  ['Not enough left', 'There are not enough {units} left; top up to continue'],
  ['Не хватает', 'Не хватает {units}; пополните счёт, чтобы продолжить'],
);

export const planLimitReached = defineProblem(
  'plan-limit-reached',
  403,
  ['Plan limit reached', 'The plan "{tier}" allows {limit} ({what})'],
  ['Достигнут предел тарифа', 'Тариф «{tier}» допускает {limit} ({what})'],
);

export const subscriptionConflict = defineProblem(
  'subscription-conflict',
  409,
  ['Not possible for this subscription', 'The subscription is "{current}"; "{action}" is not possible now'],
  ['Невозможно для этой подписки', 'Подписка в состоянии «{current}»; действие «{action}» сейчас невозможно'],
);

export const trialUsed = defineProblem(
  'trial-used',
  409,
  ['Trial already used', 'An organization can try a plan once'],
  ['Пробный период использован', 'Организация может попробовать тариф один раз'],
);

export const nextPeriodPaid = defineProblem(
  'next-period-paid',
  409,
  ['The next period is paid', 'The next period is already paid, so its plan can only be upgraded'],
  ['Следующий период оплачен', 'Следующий период уже оплачен, поэтому его тариф можно только повысить'],
);

export const invoiceClosed = defineProblem(
  'invoice-closed',
  409,
  ['The invoice is closed', 'The invoice is "{state}"; only open invoices can be paid'],
  ['Счёт закрыт', 'Счёт в состоянии «{state}»; оплатить можно только открытый'],
);

export const tooManyOpenInvoices = defineProblem(
  'too-many-open-invoices',
  409,
  ['Too many open invoices', 'Your organization has {limit} unpaid invoices; pay one or wait until one is cancelled'],
  [
    'Слишком много неоплаченных счетов',
    'Неоплаченных счетов у организации: {limit}; оплатите один из них или дождитесь его отзыва',
  ],
);

export const paymentMismatch = defineProblem(
  'payment-mismatch',
  409,
  ['Payment amount mismatch', 'The expected amount is {expected} {currency}; nothing was booked'],
  ['Сумма платежа не совпадает', 'Ожидалась сумма {expected} {currency}; платёж не проведён'],
);

export const dailyQuestionsUsed = defineProblem(
  'daily-questions-used',
  429,
  ['Daily question limit reached', 'The daily limit of {limit} questions is reached'],
  ['Превышен дневной лимит запросов', 'Превышен дневной лимит запросов ({limit})'],
);

export const monthlyQuestionsUsed = defineProblem(
  'monthly-questions-used',
  429,
  ['Monthly question limit reached', 'The monthly limit of {limit} questions is reached'],
  ['Превышен месячный лимит запросов', 'Превышен месячный лимит запросов ({limit})'],
);

export const tooManyQuestionsAtOnce = defineProblem(
  'too-many-questions-at-once',
  429,
  ['Too many concurrent questions', 'The plan allows {limit} concurrent questions; wait until one of them is answered'],
  [
    'Слишком много вопросов одновременно',
    'Тариф допускает вопросов одновременно: {limit}; дождитесь ответа на один из них',
  ],
);

export const unitsUsed = defineProblem(
  'units-used',
  429,
  ['Limit reached', 'The limit of {allowed} is reached'],
  ['Лимит исчерпан', 'Исчерпан лимит: {allowed}'],
);

export const tooManyAtOnce = defineProblem(
  'too-many-at-once',
  429,
  ['Too many requests in progress', 'The limit is {allowed} in progress at the same time; wait until one ends'],
  ['Слишком много запросов в работе', 'Одновременно в работе может быть: {allowed}; дождитесь окончания'],
);

export const tokensPerMinuteUsed = defineProblem(
  'tokens-per-minute-used',
  429,
  ['Token rate limit reached', 'The limit of {limit} AI tokens per minute is reached'],
  ['Превышен лимит токенов в минуту', 'Превышен лимит токенов ИИ в минуту ({limit})'],
);

export const budgetNotAccepted = defineProblem(
  'budget-not-accepted',
  422,
  ['Budget not accepted', 'Some fields of the budget are missing, unknown or malformed; see "errors"'],
  ['Бюджет не принят', 'Некоторые поля бюджета отсутствуют, неизвестны или имеют неверный вид; см. "errors"'],
);

export const budgetExceeded = defineProblem(
  'budget-exceeded',
  429,
  ['Budget exceeded', 'The budget of {allowed} has no room for this request'],
  ['Бюджет исчерпан', 'Бюджет ({allowed}) не допускает этот запрос'],
);

export const paymentFailed = defineProblem(
  'payment-failed',
  502,
  ['The payment provider failed', 'The payment provider did not respond; nothing was charged. Retry the same request'],
  ['Сбой платёжной системы', 'Платёжная система не ответила; ничего не списано, и тот же запрос можно повторить'],
);

export const priceMissing = defineProblem(
  'price-missing',
  503,
  ['Model price missing', 'The model selected for the answer has no price; an administrator must set one'],
  ['У модели нет цены', 'Для модели, которая должна ответить, ещё не задана цена; её задаёт администратор'],
);
