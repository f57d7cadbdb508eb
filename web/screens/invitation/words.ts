const en = {
  heading: 'Join your organization',
  explain: 'Enter the address that was invited and choose a password.',
  email: 'The address that the invitation was sent to.',
  password: 'Password',
  submit: 'Join',
  signedIn: (email: string) =>
    `You are signed in as ${email}. An account belongs to one organization, so sign out first; the invitation is kept.`,
  someone: 'somebody else',
  signOut: 'Sign out and continue',
  stay: 'Stay signed in',
  refused: 'The invitation cannot be accepted. One of these is the cause:',
  causes: [
    'It was sent to another address than the one you entered.',
    'It is older than 7 days.',
    'It was used already: then sign in.',
    'The person who invited you withdrew it.',
    'The link or the code is incomplete.',
  ],
  ask: 'Ask the person who invited you, or an administrator of the organization, for a new invitation.',
  full: 'The plan of the organization has no room for another person. Ask its owner for a larger plan.',
  taken:
    'There is an account with this address already. Sign in with it; to join another organization use another address.',
  signIn: 'Sign in',
};

const ru: typeof en = {
  heading: 'Приглашение в организацию',
  explain: 'Укажите адрес, на который пришло приглашение, и придумайте пароль.',
  email: 'Адрес, на который отправлено приглашение.',
  password: 'Пароль',
  submit: 'Присоединиться',
  signedIn: (email) =>
    `Вы вошли как ${email}. Учётная запись относится только к одной организации, поэтому сначала выйдите; приглашение сохранится.`,
  someone: 'другой пользователь',
  signOut: 'Выйти и продолжить',
  stay: 'Не выходить',
  refused: 'Принять приглашение не удалось. Возможны такие причины:',
  causes: [
    'Оно отправлено на другой адрес, а не на указанный.',
    'Прошло больше 7 дней.',
    'Оно уже использовано: тогда просто войдите.',
    'Пригласивший отозвал его.',
    'Ссылка или код скопированы не полностью.',
  ],
  ask: 'Попросите новое приглашение у того, кто Вас пригласил, или у администратора организации.',
  full: 'Тариф организации не позволяет добавить ещё одного сотрудника. Обратитесь к её владельцу.',
  taken:
    'Учётная запись с таким адресом уже есть. Войдите под ней; чтобы присоединиться к другой организации, укажите другой адрес.',
  signIn: 'Войти',
};

export const words = { en, ru };
