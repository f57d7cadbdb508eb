const en = {
  heading: 'Register an organization',
  explain: 'You become its owner. Colleagues join by your invitation.',
  submit: 'Register',
  known: 'Already registered? Sign in',
};

const ru: typeof en = {
  heading: 'Регистрация организации',
  explain: 'Вы станете её владельцем. Коллеги присоединятся по Вашему приглашению.',
  submit: 'Зарегистрировать',
  known: 'Уже зарегистрированы? Войти',
};

export const words = { en, ru };
