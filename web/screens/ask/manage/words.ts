const en = {
  share: 'Share',
  shared: 'Shared',
  export: 'Export',
  rename: 'Rename',
  title: 'Title',
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  format: 'Format',
  docx: 'Word document',
  pdf: 'PDF',
  download: 'Download',
  exportHint: 'Questions and answers, with every citation as a note: the quote, its document, version, dates and page.',
  shareHint:
    'All members of your organization can read and export this conversation, with what you add to it later. They cannot change it, and people outside cannot open it.',
  sharedHint: 'All members of your organization can read this conversation under its address.',
  shareAct: 'Share with the organization',
  unshare: 'Stop sharing',
  copy: 'Copy the address',
  copied: 'Copied',
};

const ru: typeof en = {
  share: 'Открыть доступ',
  shared: 'Доступ открыт',
  export: 'Выгрузить',
  rename: 'Переименовать',
  title: 'Название',
  save: 'Сохранить',
  cancel: 'Отмена',
  close: 'Закрыть',
  format: 'Формат',
  docx: 'Документ Word',
  pdf: 'PDF',
  download: 'Скачать',
  exportHint: 'Вопросы и ответы; каждая ссылка — сноска с цитатой, документом, версией, датами и страницей.',
  shareHint:
    'Все сотрудники организации смогут читать и выгружать эту беседу вместе с тем, что Вы добавите позже. Изменить её они не смогут, а посторонние не смогут открыть.',
  sharedHint: 'Все сотрудники организации могут читать эту беседу по её адресу.',
  shareAct: 'Открыть для организации',
  unshare: 'Закрыть доступ',
  copy: 'Скопировать адрес',
  copied: 'Скопировано',
};

export const words = { en, ru };
