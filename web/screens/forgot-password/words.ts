const en = {
  heading: 'Forgot your password?',
  explain: 'Enter the address of your account. You will get an e-mail with a link to choose a new password.',
  submit: 'Send the e-mail',
  sent: (email: string) =>
    `If there is an account with the address ${email}, an e-mail is on its way. The link works once and for an hour.`,
  spam: 'No e-mail after a few minutes? Check the spam folder and the address.',
  again: 'Enter another address',
  back: 'Back to sign-in',
};

const ru: typeof en = {
  heading: 'Забыли пароль?',
  explain: 'Укажите адрес своей учётной записи. На него придёт письмо со ссылкой для выбора нового пароля.',
  submit: 'Отправить письмо',
  sent: (email) =>
    `Если учётная запись с адресом ${email} существует, письмо уже отправлено. Ссылка действует один час и только один раз.`,
  spam: 'Письма нет через несколько минут? Проверьте папку «Спам» и правильность адреса.',
  again: 'Указать другой адрес',
  back: 'Вернуться ко входу',
};

export const words = { en, ru };
