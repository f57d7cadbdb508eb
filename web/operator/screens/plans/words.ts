const en = {
  heading: 'Plans',
  about: 'A change applies at once to everybody on the plan; a price, to invoices that are issued from then on.',
  name: 'Plan',
  price: 'Price a month',
  none: 'There are no plans.',
  free: 'free',
};

const ru: typeof en = {
  heading: 'Тарифы',
  about: 'Изменение сразу действует для всех на тарифе, цена — для счетов, которые будут выставлены позже.',
  name: 'Тариф',
  price: 'Цена в месяц',
  none: 'Тарифов нет.',
  free: 'бесплатно',
};

export const words = { en, ru };
