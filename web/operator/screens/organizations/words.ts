const en = {
  heading: 'Organizations',
  search: 'Find by name or e-mail',
  searchHint: 'A part of the name of the organization, or of the address of one of its people',
  name: 'Organization',
  plan: 'Plan',
  credits: 'Extra questions',
  created: 'Since',
  state: 'State',
  active: 'active',
  suspended: 'suspended',
  none: 'No organization yet.',
  notFound: (search: string) => `No organization matches “${search}”.`,
};

const ru: typeof en = {
  heading: 'Организации',
  search: 'Найти по названию или почте',
  searchHint: 'Часть названия организации или адреса её сотрудника',
  name: 'Организация',
  plan: 'Тариф',
  credits: 'Дополнительные вопросы',
  created: 'Создана',
  state: 'Состояние',
  active: 'работает',
  suspended: 'приостановлена',
  none: 'Организаций пока нет.',
  notFound: (search) => `По запросу «${search}» организаций не найдено.`,
};

export const words = { en, ru };
