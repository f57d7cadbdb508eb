const en = {
  heading: 'New password',
  explain: 'All sessions and API keys of your account end when you save it. Then sign in with the new password.',
  password: 'New password',
  submit: 'Save the password',
  done: 'The new password is saved.',
  signIn: 'Sign in',
  failed: 'The link does not work: it is older than an hour, was used already, or a newer e-mail replaced it.',
  another: 'Get a new e-mail',
};

const ru: typeof en = {
  heading: 'Новый пароль',
  explain: 'После сохранения завершатся все сеансы и перестанут действовать ключи API. Войдите заново с новым паролем.',
  password: 'Новый пароль',
  submit: 'Сохранить пароль',
  done: 'Новый пароль сохранён.',
  signIn: 'Войти',
  failed: 'Ссылка не действует: прошло больше часа, она уже использована или пришло более новое письмо.',
  another: 'Получить новое письмо',
};

export const words = { en, ru };
