const en = {
  heading: 'Settings',
  appearance: 'Language and theme',
  language: 'Language of the app and of e-mails',
  theme: 'Theme',
  themes: { system: 'As on the device', light: 'Light', dark: 'Dark' },
  saved: 'Saved for all your devices.',
  password: 'Password',
  current: 'Current password',
  next: 'New password',
  revoke: 'Also revoke my API keys',
  change: 'Change the password',
  changed: 'The password is changed. All other sessions have ended.',
  wrong: 'The current password is wrong.',
  sessions: 'Sessions',
  list: 'Your sessions',
  sessionsHint:
    'Devices and programs that are signed in with your account. End what you do not recognize, then change the password.',
  device: 'Device',
  used: 'Last active',
  started: 'Signed in',
  address: 'IP address',
  actions: 'Action',
  unknown: 'Unknown device',
  current_: 'this device',
  end: 'End',
  endOthers: 'End all other sessions',
  ended: { one: 'session ended', other: 'sessions ended' },
};

const ru: typeof en = {
  heading: 'Настройки',
  appearance: 'Язык и оформление',
  language: 'Язык приложения и писем',
  theme: 'Оформление',
  themes: { system: 'Как на устройстве', light: 'Светлое', dark: 'Тёмное' },
  saved: 'Сохранено для всех Ваших устройств.',
  password: 'Пароль',
  current: 'Текущий пароль',
  next: 'Новый пароль',
  revoke: 'Отозвать также мои ключи API',
  change: 'Сменить пароль',
  changed: 'Пароль изменён. Остальные сеансы завершены.',
  wrong: 'Текущий пароль указан неверно.',
  sessions: 'Сеансы',
  list: 'Ваши сеансы',
  sessionsHint:
    'Устройства и программы, на которых выполнен вход. Завершите незнакомые сеансы и после этого смените пароль.',
  device: 'Устройство',
  used: 'Последняя активность',
  started: 'Вход',
  address: 'IP-адрес',
  actions: 'Действие',
  unknown: 'Неизвестное устройство',
  current_: 'это устройство',
  end: 'Завершить',
  endOthers: 'Завершить все остальные сеансы',
  ended: { one: 'сеанс завершён', few: 'сеанса завершено', many: 'сеансов завершено', other: 'сеанса завершено' } as {
    one: string;
    other: string;
  },
};

export const words = { en, ru };
