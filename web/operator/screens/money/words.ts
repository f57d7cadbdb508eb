import type { Schemas } from '@pandect/client';

type Payment = Schemas['AdministeredPayment'];

const statesEn: Record<Payment['state'], string> = {
  pending: 'awaited',
  succeeded: 'paid',
  cancelled: 'cancelled',
  surplus: 'surplus',
};

const en = {
  heading: 'Money',
  payments: 'Payments',
  show: 'Show',
  awaited: 'transfers to confirm',
  mismatch: 'those that contradict their provider',
  all: 'all payments',
  invoice: 'Invoice number',
  number: 'Invoice',
  buyer: 'Payer',
  amount: 'Amount',
  provider: 'By',
  bank: 'bank transfer',
  yookassa: 'YooKassa',
  state: 'State',
  states: statesEn,
  created: 'Since',
  action: 'Action',
  confirm: 'Confirm',
  confirmNamed: (number: string) => `Confirm the transfer for invoice ${number}`,
  confirmText: (buyer: string, amount: string) =>
    `Only when the bank’s statement shows ${amount} from ${buyer}. It is booked, the plan or the units begin, and it cannot be taken back.`,
  typeAmount: 'Amount on the statement, roubles',
  typeAmountHint: 'Type it as the statement has it; it must be what was asked for',
  none: 'No transfer waits to be confirmed.',
  noneAtAll: 'No payment matches.',
};

const ru: typeof en = {
  heading: 'Деньги',
  payments: 'Платежи',
  show: 'Показать',
  awaited: 'переводы, ждущие подтверждения',
  mismatch: 'расхождения с платёжной системой',
  all: 'все платежи',
  invoice: 'Номер счёта',
  number: 'Счёт',
  buyer: 'Плательщик',
  amount: 'Сумма',
  provider: 'Способ',
  bank: 'банковский перевод',
  yookassa: 'ЮKassa',
  state: 'Состояние',
  states: { pending: 'ожидается', succeeded: 'оплачен', cancelled: 'отменён', surplus: 'излишек' },
  created: 'С',
  action: 'Действие',
  confirm: 'Подтвердить',
  confirmNamed: (number) => `Подтвердить перевод по счёту ${number}`,
  confirmText: (buyer, amount) =>
    `Только если в банковской выписке есть ${amount} от ${buyer}. Поступление будет проведено, тариф или единицы начнут действовать; отменить это нельзя.`,
  typeAmount: 'Сумма в выписке, рублей',
  typeAmountHint: 'Введите её как в выписке; она должна совпасть с выставленной',
  none: 'Переводов, ждущих подтверждения, нет.',
  noneAtAll: 'Таких платежей нет.',
};

export const words = { en, ru };
