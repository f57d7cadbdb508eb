const en = {
  heading: 'Confirm your address',
  working: 'Confirming…',
  done: 'Your address is confirmed. API keys and invitations are available now.',
  ended: 'Earlier sessions have ended, in case somebody else registered this address.',
  signIn: 'Sign in',
  go: 'Continue',
  submit: 'Confirm',
  failed: 'The link does not work: it is older than three days, was used already, or is incomplete.',
  used: 'If you have opened it before, your address may be confirmed already: just sign in.',
  another: 'To get a new e-mail, sign in and press “Send the e-mail again” at the top of the page.',
};

const ru: typeof en = {
  heading: 'Подтверждение адреса',
  working: 'Подтверждаем адрес…',
  done: 'Адрес подтверждён. Теперь можно создавать ключи API и приглашать коллег.',
  ended: 'Прежние сеансы завершены на случай, если этот адрес зарегистрировал кто-то другой.',
  signIn: 'Войти',
  go: 'Продолжить',
  submit: 'Подтвердить',
  failed: 'Ссылка не действует: прошло больше трёх дней, она уже использована или скопирована не полностью.',
  used: 'Если Вы уже переходили по ней, адрес, скорее всего, подтверждён: просто войдите.',
  another: 'Чтобы получить новое письмо, войдите и нажмите «Отправить письмо ещё раз» вверху страницы.',
};

export const words = { en, ru };
