const en = {
  console: "Operator's console",
  signIn: "Sign in to the operator's console",
  forWhom: 'It is for people who administer this platform.',
  noAccess: 'No access to the console',
  why: (email: string | undefined) =>
    `${email ? `The account ${email}` : 'This account'} does not administer this platform.`,
  howTo: 'The operator of the server can give the right: pandect admin create <e-mail>.',
  again: 'Check again',
  signOut: 'Sign in with another account',
  toApp: 'To the app',
};

const ru: typeof en = {
  console: 'Консоль оператора',
  signIn: 'Вход в консоль оператора',
  forWhom: 'Она предназначена для администраторов платформы.',
  noAccess: 'Нет доступа к консоли',
  why: (email) => `${email ? `Учётная запись ${email}` : 'Эта учётная запись'} не имеет прав администратора платформы.`,
  howTo: 'Права выдаёт тот, кто управляет сервером: pandect admin create <адрес почты>.',
  again: 'Проверить снова',
  signOut: 'Войти под другой учётной записью',
  toApp: 'В приложение',
};

export const words = { en, ru };
