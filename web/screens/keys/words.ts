import type { Schemas } from '@pandect/client';

type Scope = Schemas['ApiKey']['scopes'][number];

const scopesEn: Record<Scope, string> = {
  ask: 'ask questions',
  search: 'search',
  'documents:read': 'read documents',
  'documents:write': 'upload and delete documents',
  conversations: 'conversations',
  usage: 'usage and limits',
  gateway: 'models through the gateway',
  images: 'pictures',
};

const scopesRu: Record<Scope, string> = {
  ask: 'вопросы к документам',
  search: 'поиск',
  'documents:read': 'чтение документов',
  'documents:write': 'загрузка и удаление документов',
  conversations: 'беседы',
  usage: 'расход и лимиты',
  gateway: 'модели через шлюз',
  images: 'изображения',
};

const en = {
  heading: 'API keys',
  scopeNames: scopesEn,
  about: 'A key lets a program act as you, with the rights chosen here and never more than your role has.',
  create: 'Create a key',
  created: 'The key is created',
  name: 'Name',
  nameHint: 'What the key is for',
  scopes: 'What the key may do',
  scopesNeeded: 'Choose at least one',
  expires: 'Works until',
  expiresHint: 'At most a year ahead; empty for a key without an end',
  secretLost:
    'The key was created, but its secret did not arrive and cannot be shown again. Revoke that key in the list, then create another.',
  never: 'no end',
  lastUsed: 'Last used',
  notUsed: 'not yet',
  state: 'State',
  active: 'works',
  revoked: 'revoked',
  ended: 'ended',
  grace: 'replaced, works until',
  action: 'Action',
  revoke: 'Revoke',
  revokeNamed: (name: string) => `Revoke ${name}`,
  revokeAsk: 'Programs that use the key get no more answers at once. This cannot be undone.',
  none: 'There are no keys yet.',
};

const ru: typeof en = {
  heading: 'Ключи API',
  scopeNames: scopesRu,
  about: 'С ключом программа действует от Вашего имени: с выбранными здесь правами и не шире Вашей роли.',
  create: 'Создать ключ',
  created: 'Ключ создан',
  name: 'Название',
  nameHint: 'Для чего нужен ключ',
  scopes: 'Что можно делать с ключом',
  scopesNeeded: 'Выберите хотя бы одно',
  expires: 'Действует до',
  expiresHint: 'Не дольше года; оставьте пустым для бессрочного ключа',
  secretLost:
    'Ключ создан, но его значение не дошло, а показать его ещё раз нельзя. Отзовите этот ключ в списке и создайте другой.',
  never: 'бессрочно',
  lastUsed: 'Использован',
  notUsed: 'ещё нет',
  state: 'Состояние',
  active: 'действует',
  revoked: 'отозван',
  ended: 'истёк',
  grace: 'заменён, действует до',
  action: 'Действие',
  revoke: 'Отозвать',
  revokeNamed: (name) => `Отозвать ключ «${name}»`,
  revokeAsk: 'Программы с этим ключом сразу перестанут получать ответы. Отменить это нельзя.',
  none: 'Ключей пока нет.',
};

export const words = { en, ru };
