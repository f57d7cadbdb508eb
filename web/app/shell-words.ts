const en = {
  navigation: 'Main navigation',
  skip: 'Skip to the content',
  ask: 'Ask',
  search: 'Search',
  documents: 'Documents',
  images: 'Images',
  organization: 'Organization',
  people: 'People',
  keys: 'API keys',
  audit: 'Audit log',
  data: 'Export and erasure',
  usage: 'Usage and limits',
  subscription: 'Subscription',
  settings: 'Settings',
  more: 'More',
  close: 'Close',
};

const ru: typeof en = {
  navigation: 'Основная навигация',
  skip: 'Перейти к содержанию',
  ask: 'Вопросы',
  search: 'Поиск',
  documents: 'Документы',
  images: 'Изображения',
  organization: 'Организация',
  people: 'Сотрудники',
  keys: 'Ключи API',
  audit: 'Журнал действий',
  data: 'Выгрузка и удаление',
  usage: 'Расход и лимиты',
  subscription: 'Подписка',
  settings: 'Настройки',
  more: 'Ещё',
  close: 'Закрыть',
};

export const words = { en, ru };
