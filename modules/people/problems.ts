import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of people: who they are and what they may do. */

export const invalidInvitation = defineProblem(
  'invalid-invitation',
  400,
  [
    'The invitation is not valid',
    'The invitation is unknown, expired, withdrawn, already used, or sent to a different address; ask for a new one',
  ],
  [
    'Приглашение недействительно',
    'Приглашение неизвестно, выдано на другой адрес, истекло, отозвано или уже использовано; попросите новое',
  ],
);

export const invalidEmailToken = defineProblem(
  'invalid-email-token',
  400,
  ['The link is not valid', 'The token from the e-mail is unknown, expired or already used; request a new one'],
  ['Ссылка недействительна', 'Токен из письма неизвестен, истёк или уже использован; запросите новый'],
);

export const commonPassword = defineProblem(
  'common-password',
  400,
  ['The password is too common', 'The password is blank or among the most common ones; choose another'],
  ['Слишком простой пароль', 'Пароль пуст или входит в число самых распространённых; выберите другой'],
);

export const invalidCredentials = defineProblem(
  'invalid-credentials',
  401,
  ['Wrong e-mail or password', 'No account has this e-mail and password'],
  ['Неверная почта или пароль', 'Нет учётной записи с такой почтой и паролем'],
);

export const invalidRefreshToken = defineProblem(
  'invalid-refresh-token',
  401,
  ['The refresh token is not valid', 'The refresh token is unknown, expired, revoked or already used; sign in again'],
  ['Токен обновления недействителен', 'Токен обновления неизвестен, истёк, отозван или уже использован; войдите снова'],
);

export const emailUnconfirmed = defineProblem(
  'email-unconfirmed',
  403,
  [
    'The e-mail address is not confirmed',
    'Confirm your e-mail address first, using the link that was sent to it; API keys and invitations require it. The operator of the platform can also confirm it',
  ],
  [
    'Адрес почты не подтверждён',
    'Сначала подтвердите адрес почты по ссылке из письма: без этого нельзя создавать ключи API и приглашать людей. Адрес может подтвердить и оператор платформы',
  ],
);

export const freshSignInNeeded = defineProblem(
  'fresh-sign-in-needed',
  403,
  [
    'Sign in again',
    'This change requires a sign-in within the last {minutes} minutes; sign in again and repeat the request',
  ],
  ['Войдите снова', 'Это действие доступно в течение {minutes} минут после входа; войдите снова и повторите запрос'],
);

export const originMismatch = defineProblem(
  'origin-mismatch',
  403,
  [
    'The request does not come from this site',
    'A session in a cookie is only given to pages of this site: the Origin header must name it',
  ],
  [
    'Запрос пришёл не с этого сайта',
    'Сеанс в cookie доступен только страницам этого сайта: его адрес должен стоять в заголовке Origin',
  ],
);

export const organizationSuspended = defineProblem(
  'organization-suspended',
  403,
  ['The organization is suspended', 'An administrator of the platform has suspended the organization'],
  ['Организация приостановлена', 'Администратор платформы приостановил работу организации'],
);

export const emailTaken = defineProblem(
  'email-taken',
  409,
  ['The e-mail is taken', 'An account with this e-mail exists'],
  ['Почта занята', 'Учётная запись с такой почтой уже есть'],
);

export const setupClosed = defineProblem(
  'setup-closed',
  409,
  ['The platform is already set up', 'The first organization exists; register, or ask for an invitation'],
  ['Платформа уже настроена', 'Первая организация уже создана; зарегистрируйтесь или попросите приглашение'],
);

export const lastOwner = defineProblem(
  'last-owner',
  409,
  ['The organization needs an owner', 'The last owner can neither leave nor change role; appoint another owner first'],
  [
    'Организации нужен владелец',
    'Последний владелец не может ни выйти, ни получить другую роль; сначала назначьте другого',
  ],
);

export const tooManySignIns = defineProblem(
  'too-many-sign-ins',
  429,
  [
    'Too many wrong passwords',
    'Too many wrong passwords for this e-mail or from this network; wait {seconds} s before the next attempt',
  ],
  [
    'Слишком много неверных паролей',
    'Слишком много неверных паролей для этой почты или из этой сети; подождите {seconds} с',
  ],
);
