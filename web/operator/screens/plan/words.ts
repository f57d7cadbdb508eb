const en = {
  heading: (tier: string) => `Plan ${tier}`,
  back: 'All plans',
  about: 'A change applies at once to everybody on the plan; a price, to invoices that are issued from then on.',
  nameEn: 'English name',
  nameRu: 'Russian name',
  price: 'Price a month, kopecks',
  units: 'Limits of other units stay as they are.',
  reason: 'Reason',
  reasonHint: 'It is kept in the audit log of your organization, with what was before.',
  save: 'Save',
  saved: 'Saved.',
};

const ru: typeof en = {
  heading: (tier) => `Тариф ${tier}`,
  back: 'Все тарифы',
  about: 'Изменение сразу действует для всех на тарифе, цена — для счетов, которые будут выставлены позже.',
  nameEn: 'Название на английском',
  nameRu: 'Название на русском',
  price: 'Цена в месяц, копеек',
  units: 'Лимиты других единиц не меняются.',
  reason: 'Причина',
  reasonHint: 'Она сохранится в журнале действий Вашей организации вместе с прежними значениями.',
  save: 'Сохранить',
  saved: 'Сохранено.',
};

export const words = { en, ru };
