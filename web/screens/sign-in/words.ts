const en = {
  heading: 'Sign in',
  forgot: 'Forgot your password?',
  register: 'Register an organization',
  invited: 'Invited by a colleague? Open the link in the e-mail.',
};

const ru: typeof en = {
  heading: 'Вход',
  forgot: 'Забыли пароль?',
  register: 'Зарегистрировать организацию',
  invited: 'Вас пригласили коллеги? Перейдите по ссылке из письма.',
};

export const words = { en, ru };
