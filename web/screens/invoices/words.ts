const en = {
  heading: 'Invoices',
  number: 'Number',
  issued: 'Issued',
  due: 'Due',
  total: 'Amount',
  state: 'State',
  states: { open: 'To pay', paid: 'Paid', void: 'Void' },
  document: 'Document',
  download: (number: string) => `Download invoice ${number} as PDF`,
  pdf: 'PDF',
  pay: 'Pay online',
  payNumber: (number: string) => `Pay online: invoice ${number}`,
  none: 'There are no invoices yet.',
  plans: 'To the plans',
};

const ru: typeof en = {
  heading: 'Счета',
  number: 'Номер',
  issued: 'Выставлен',
  due: 'Оплатить до',
  total: 'Сумма',
  state: 'Состояние',
  states: { open: 'К оплате', paid: 'Оплачен', void: 'Аннулирован' },
  document: 'Документ',
  download: (number) => `Скачать счёт ${number} в PDF`,
  pdf: 'PDF',
  pay: 'Оплатить онлайн',
  payNumber: (number) => `Оплатить онлайн: счёт ${number}`,
  none: 'Счетов пока нет.',
  plans: 'К тарифам',
};

export const words = { en, ru };
