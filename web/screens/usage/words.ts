/** Purposes by their names in the API; one without a word here is shown by its name, since more may be added. */
const purposesEn: Record<string, string> = {
  ai_query: 'Questions',
  search: 'Searches',
  document_upload: 'Reading documents',
  gateway: 'Gateway',
  image: 'Images',
  reading: 'Tarot readings',
};

const purposesRu: typeof purposesEn = {
  ai_query: 'Вопросы',
  search: 'Поиск',
  document_upload: 'Чтение документов',
  gateway: 'Шлюз',
  image: 'Изображения',
  reading: 'Расклады Таро',
};

const en = {
  heading: 'Usage and limits',
  left: 'left',
  of: 'of',
  resets: 'resets',
  day: 'today',
  month: 'this month',
  storage: 'Storage',
  tokens: 'AI tokens this minute',
  credits: 'Bought in addition',
  creditsHint: 'Used once a limit of the plan is reached',
  since: 'Since',
  byModel: 'By model',
  byPerson: 'By person',
  model: 'Model',
  action: 'Purpose',
  purposes: purposesEn,
  person: 'Person',
  former: 'Former members',
  calls: 'Calls',
  tokensUsed: 'Tokens',
  cost: 'Cost, ₽',
  none: 'Nothing was used this month.',
  local: 'without a model',
  raise: 'Change the plan or buy more',
};

const ru: typeof en = {
  heading: 'Расход и лимиты',
  left: 'осталось',
  of: 'из',
  resets: 'обновится',
  day: 'сегодня',
  month: 'в этом месяце',
  storage: 'Хранилище',
  tokens: 'Токенов ИИ за эту минуту',
  credits: 'Куплено дополнительно',
  creditsHint: 'Расходуется, когда лимит тарифа исчерпан',
  since: 'С',
  byModel: 'По моделям',
  byPerson: 'По сотрудникам',
  model: 'Модель',
  action: 'Назначение',
  purposes: purposesRu,
  person: 'Сотрудник',
  former: 'Бывшие сотрудники',
  calls: 'Обращений',
  tokensUsed: 'Токенов',
  cost: 'Стоимость, ₽',
  none: 'В этом месяце расхода не было.',
  local: 'без модели',
  raise: 'Сменить тариф или докупить',
};

export const words = { en, ru };
