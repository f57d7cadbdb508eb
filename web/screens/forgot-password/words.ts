const en = {
  heading: 'Forgot your password?',
  explain: 'Enter the address of your account. A letter with a link for a new password will be sent to it.',
  submit: 'Send the letter',
  sent: (email: string) =>
    `If there is an account with the address ${email}, a letter is on its way. The link works once and for an hour.`,
  spam: 'No letter after a few minutes? Check the spam folder and the address.',
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
