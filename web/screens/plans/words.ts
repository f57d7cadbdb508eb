const en = {
  heading: 'Plans',
  month: 'a month',
  free: 'Free',
  current: 'Your plan',
  choose: 'Choose',
  trial: 'Try for free',
  cancelled: 'The subscription is cancelled and ends with the paid period. To change the plan, continue it first:',
  toSubscription: 'Subscription',
  perDay: 'a day',
  perMonth: 'a month',
  storage: 'storage',
  packs: 'Buy in addition',
  packsHint: 'Used once a limit of the plan is reached; what is bought does not expire with the month.',
  buy: 'Buy',
  pay: 'How to pay',
  bank: 'Bank transfer by invoice',
  yookassa: 'Card or fast payment (YooKassa)',
  buyer: 'Name for the invoice',
  inn: 'Taxpayer number (INN)',
  innHint: '10 digits for a company, 12 for a person; may be left empty',
  confirm: 'Get the invoice',
  cancel: 'Cancel',
  now: 'What changes',
  upgrade: (plan: string, price: string) =>
    `“${plan}” begins when the invoice is paid. You pay the difference for the rest of this period, and ${price} a month from the next one.`,
  subscribe: (plan: string, price: string) =>
    `“${plan}” begins when the invoice is paid: ${price} for the first month.`,
  afterTrial: (plan: string, price: string) =>
    `The trial continues to its end. Then “${plan}” begins if the invoice is paid: ${price} for the first month.`,
  downgrade: (plan: string, price: string) =>
    `Nothing changes until the end of the paid period. Then “${plan}” begins, for ${price} a month.`,
  topUp: (what: string, price: string) => `${what} for ${price}. They can be used as soon as the invoice is paid.`,
  trialText: (plan: string) => `“${plan}” begins at once and ends by itself. Nothing is charged.`,
  done: 'Done.',
  invoices: 'To the invoices',
};

const ru: typeof en = {
  heading: 'Тарифы',
  month: 'в месяц',
  free: 'Бесплатно',
  current: 'Ваш тариф',
  choose: 'Выбрать',
  trial: 'Попробовать бесплатно',
  cancelled:
    'Подписка отменена и закончится вместе с оплаченным периодом. Чтобы сменить тариф, сначала возобновите её:',
  toSubscription: 'Подписка',
  perDay: 'в день',
  perMonth: 'в месяц',
  storage: 'хранилища',
  packs: 'Докупить',
  packsHint: 'Расходуется, когда лимит тарифа исчерпан; купленное не сгорает в конце месяца.',
  buy: 'Купить',
  pay: 'Способ оплаты',
  bank: 'Банковский перевод по счёту',
  yookassa: 'Карта или СБП (ЮKassa)',
  buyer: 'Плательщик для счёта',
  inn: 'ИНН',
  innHint: '10 цифр для организации, 12 для физического лица; можно не указывать',
  confirm: 'Получить счёт',
  cancel: 'Отмена',
  now: 'Что изменится',
  upgrade: (plan, price) =>
    `Тариф «${plan}» начнёт действовать после оплаты счёта. Вы доплатите разницу за остаток периода, со следующего периода — ${price} в месяц.`,
  subscribe: (plan, price) => `Тариф «${plan}» начнёт действовать после оплаты счёта: ${price} за первый месяц.`,
  afterTrial: (plan, price) =>
    `Пробный период идёт до конца. Затем, если счёт оплачен, начнётся тариф «${plan}»: ${price} за первый месяц.`,
  downgrade: (plan, price) =>
    `До конца оплаченного периода ничего не изменится. Затем начнётся тариф «${plan}», ${price} в месяц.`,
  topUp: (what, price) => `${what} за ${price}. Ими можно пользоваться сразу после оплаты счёта.`,
  trialText: (plan) => `Тариф «${plan}» начнёт действовать сразу и закончится сам. Деньги не списываются.`,
  done: 'Готово.',
  invoices: 'К счетам',
};

export const words = { en, ru };
