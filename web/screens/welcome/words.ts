const en = {
  heading: 'Welcome to Pandect',
  explain: 'The platform is running and still empty. Create the first organization; you become its owner.',
  submit: 'Create the organization',
  operator: 'Platform administrators are appointed by the operator: pandect admin create.',
};

const ru: typeof en = {
  heading: 'Добро пожаловать в Pandect',
  explain: 'Платформа запущена, и пока на ней никого нет. Создайте первую организацию: Вы станете её владельцем.',
  submit: 'Создать организацию',
  operator: 'Администраторов платформы назначает её оператор: pandect admin create.',
};

export const words = { en, ru };
