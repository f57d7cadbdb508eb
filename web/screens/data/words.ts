const en = {
  heading: 'Export and erasure',
  export: 'Export',
  exportText:
    'One archive with everything of the organization: documents and their texts, conversations, people, keys without their secrets, usage, invoices and the audit log.',
  download: 'Download the archive',
  erase: 'Erase the organization',
  eraseText:
    'Everybody is signed out at once. People, documents, conversations, usage and the audit log are gone for good. Invoices, payments and the ledger stay, as bookkeeping demands.',
  exportFirst: 'Download the archive before: it cannot be made afterwards.',
  typeName: (name: string) => `Type the name of the organization: ${name}`,
  renamed: 'The organization has been renamed. Type its current name.',
  eraseNow: 'Erase for good',
};

const ru: typeof en = {
  heading: 'Выгрузка и удаление',
  export: 'Выгрузка',
  exportText:
    'Один архив со всеми данными организации: документы и их тексты, беседы, сотрудники, ключи без секретов, расход, счета и журнал действий.',
  download: 'Скачать архив',
  erase: 'Удаление организации',
  eraseText:
    'Сеансы всех сотрудников завершатся сразу. Сотрудники, документы, беседы, расход и журнал действий будут удалены безвозвратно. Счета, платежи и проводки сохранятся, как того требует бухгалтерский учёт.',
  exportFirst: 'Сначала скачайте архив: после удаления его не получить.',
  typeName: (name) => `Введите название организации: ${name}`,
  renamed: 'Организация переименована. Введите её нынешнее название.',
  eraseNow: 'Удалить безвозвратно',
};

export const words = { en, ru };
