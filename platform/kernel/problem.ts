/**
 * The catalogue of everything that can go wrong for a client: one entry per problem `type` of RFC 9457.
 * `title` and `detail` are public and localized; `{name}` is filled from the problem's parameters. The cause of a
 * problem is kept apart and only logged. What a caller may not see is `not-found`, exactly like what is missing.
 */

interface Entry {
  status: number;
  title: { en: string; ru: string };
  detail: { en: string; ru: string };
}

const entry = (status: number, en: [string, string], ru: [string, string]): Entry => ({
  status,
  title: { en: en[0], ru: ru[0] },
  detail: { en: en[1], ru: ru[1] },
});

export const problems = {
  'malformed-json': entry(
    400,
    ['The request body is not JSON', 'The body could not be read as JSON'],
    ['Тело запроса не является JSON', 'Тело запроса не удалось прочитать как JSON'],
  ),
  'malformed-multipart': entry(
    400,
    ['The upload is not readable', 'The body is not a complete multipart form with one file in the field "file"'],
    ['Загрузка не читается', 'Тело запроса не является полной формой multipart с одним файлом в поле "file"'],
  ),
  'invalid-request': entry(
    400,
    ['The request is not valid', 'Some fields are missing, unknown or of the wrong form; see "errors"'],
    ['Запрос составлен неверно', 'Некоторые поля отсутствуют, неизвестны или имеют неверный вид; см. "errors"'],
  ),
  'empty-file': entry(
    400,
    ['The file is empty', 'The uploaded file has no content'],
    ['Файл пуст', 'Загруженный файл не содержит данных'],
  ),
  'invalid-invitation': entry(
    400,
    [
      'The invitation is not valid',
      'The invitation is unknown, for another address, expired, withdrawn or was already used; ask for a new one',
    ],
    [
      'Приглашение недействительно',
      'Приглашение неизвестно, выдано на другой адрес, истекло, отозвано или уже использовано; попросите новое',
    ],
  ),
  'invalid-email-token': entry(
    400,
    ['The link is not valid', 'The token from the e-mail is unknown, expired or was already used; ask for a new one'],
    ['Ссылка недействительна', 'Токен из письма неизвестен, истёк или уже использован; запросите новый'],
  ),
  'host-not-allowed': entry(
    400,
    ['Unknown host', 'This server does not answer for the requested host name'],
    ['Неизвестный узел', 'Этот сервер не отвечает за указанное имя узла'],
  ),
  unauthenticated: entry(
    401,
    ['Sign-in needed', 'A valid access token is needed in the Authorization header'],
    ['Требуется вход', 'В заголовке Authorization нужен действительный токен доступа'],
  ),
  'invalid-credentials': entry(
    401,
    ['Wrong e-mail or password', 'No account has this e-mail and password'],
    ['Неверная почта или пароль', 'Нет учётной записи с такой почтой и паролем'],
  ),
  'invalid-refresh-token': entry(
    401,
    [
      'The refresh token is not valid',
      'The refresh token is unknown, expired, revoked or was already used; sign in again',
    ],
    [
      'Токен обновления недействителен',
      'Токен обновления неизвестен, истёк, отозван или уже использован; войдите снова',
    ],
  ),
  'plan-limit-reached': entry(
    403,
    ['A limit of the plan is reached', 'The plan "{tier}" allows {limit} ({what})'],
    ['Достигнут предел тарифа', 'Тариф «{tier}» допускает {limit} ({what})'],
  ),
  'organization-suspended': entry(
    403,
    ['The organization is suspended', 'An administrator of the platform has suspended the organization'],
    ['Организация приостановлена', 'Администратор платформы приостановил работу организации'],
  ),
  'not-found': entry(
    404,
    ['Not found', 'There is nothing here that you may see'],
    ['Не найдено', 'Здесь нет ничего, что вам доступно'],
  ),
  'method-not-allowed': entry(
    405,
    ['Method not allowed', 'This address does not answer {method}'],
    ['Метод не поддерживается', 'Этот адрес не отвечает на {method}'],
  ),
  'email-taken': entry(
    409,
    ['The e-mail is taken', 'An account with this e-mail exists'],
    ['Почта занята', 'Учётная запись с такой почтой уже есть'],
  ),
  'last-owner': entry(
    409,
    [
      'The organization needs an owner',
      'The last owner can neither leave nor get another role; name another one first',
    ],
    [
      'Организации нужен владелец',
      'Последний владелец не может ни выйти, ни получить другую роль; сначала назначьте другого',
    ],
  ),
  'wrong-state': entry(
    409,
    ['Not possible in this state', 'The document is "{current}"; this needs "{needed}"'],
    ['Невозможно в этом состоянии', 'Документ в состоянии «{current}»; нужно «{needed}»'],
  ),
  'subscription-conflict': entry(
    409,
    ['Not possible for this subscription', 'The subscription is "{current}"; "{action}" is not possible now'],
    ['Невозможно для этой подписки', 'Подписка в состоянии «{current}»; действие «{action}» сейчас невозможно'],
  ),
  'trial-used': entry(
    409,
    ['The trial was used', 'An organization can try a plan once'],
    ['Пробный период использован', 'Организация может попробовать тариф один раз'],
  ),
  'next-period-paid': entry(
    409,
    ['The next period is paid', 'The next period was paid for already, so its plan can only be upgraded'],
    ['Следующий период оплачен', 'Следующий период уже оплачен, поэтому его тариф можно только повысить'],
  ),
  'invoice-closed': entry(
    409,
    ['The invoice is closed', 'The invoice is "{state}"; only an open one can be paid'],
    ['Счёт закрыт', 'Счёт в состоянии «{state}»; оплатить можно только открытый'],
  ),
  'payment-mismatch': entry(
    409,
    ['The payment does not fit', 'The amount asked for is {expected} {currency}; nothing was booked'],
    ['Платёж не совпадает', 'Ожидалось {expected} {currency}; ничего не проведено'],
  ),
  'idempotency-conflict': entry(
    409,
    ['The request is being worked on', 'A request with this Idempotency-Key has not finished yet'],
    ['Запрос уже выполняется', 'Запрос с этим Idempotency-Key ещё не завершён'],
  ),
  'payload-too-large': entry(
    413,
    ['The request is too large', 'The body may have at most {limit} bytes'],
    ['Запрос слишком велик', 'Тело запроса может содержать не более {limit} байт'],
  ),
  'file-too-large': entry(
    413,
    ['The file is too large', 'Your plan allows files of at most {limit} MB'],
    ['Файл слишком велик', 'Ваш тариф допускает файлы не больше {limit} МБ'],
  ),
  'unsupported-media-type': entry(
    415,
    ['Content type not supported', 'This address takes {expected}'],
    ['Тип содержимого не поддерживается', 'Этот адрес принимает {expected}'],
  ),
  'unsupported-document': entry(
    415,
    [
      'Kind of file not supported',
      'Documents may be PDF, DOCX, HTML, TXT or MD, and the content must be what the name says',
    ],
    [
      'Вид файла не поддерживается',
      'Документы могут быть PDF, DOCX, HTML, TXT или MD, а содержимое должно соответствовать имени',
    ],
  ),
  'idempotency-mismatch': entry(
    422,
    ['The Idempotency-Key was used otherwise', 'A different request was sent with this Idempotency-Key'],
    ['Idempotency-Key уже использован', 'С этим Idempotency-Key был отправлен другой запрос'],
  ),
  'rate-limited': entry(
    429,
    ['Too many requests', 'Wait {seconds} s before the next request'],
    ['Слишком много запросов', 'Подождите {seconds} с до следующего запроса'],
  ),
  'too-many-sign-ins': entry(
    429,
    ['Too many wrong passwords', 'Too many wrong passwords for this e-mail; wait {seconds} s before the next attempt'],
    ['Слишком много неверных паролей', 'Слишком много неверных паролей для этой почты; подождите {seconds} с'],
  ),
  'daily-questions-used': entry(
    429,
    ['The daily limit of questions is reached', 'The daily limit of questions is reached ({limit})'],
    ['Превышен дневной лимит запросов', 'Превышен дневной лимит запросов ({limit})'],
  ),
  'monthly-questions-used': entry(
    429,
    ['The monthly limit of questions is reached', 'The monthly limit of questions is reached ({limit})'],
    ['Превышен месячный лимит запросов', 'Превышен месячный лимит запросов ({limit})'],
  ),
  'too-many-questions-at-once': entry(
    429,
    [
      'Too many questions at once',
      'The plan allows {limit} questions at the same time; wait for the answer to one of them',
    ],
    [
      'Слишком много вопросов одновременно',
      'Тариф допускает вопросов одновременно: {limit}; дождитесь ответа на один из них',
    ],
  ),
  'tokens-per-minute-used': entry(
    429,
    ['The limit of tokens a minute is reached', 'The limit of AI tokens a minute is reached ({limit})'],
    ['Превышен лимит токенов в минуту', 'Превышен лимит токенов ИИ в минуту ({limit})'],
  ),
  internal: entry(
    500,
    ['Something went wrong', 'The request failed on our side; its id helps to find out why'],
    ['Произошла ошибка', 'Запрос не выполнен по нашей вине; его номер поможет найти причину'],
  ),
  'payment-failed': entry(
    502,
    [
      'The payment provider failed',
      'The payment provider did not answer; nothing was charged, and the same request can be sent again',
    ],
    ['Сбой платёжной системы', 'Платёжная система не ответила; ничего не списано, и тот же запрос можно повторить'],
  ),
  'ai-failed': entry(
    502,
    ['The AI provider failed', 'The AI provider did not give an answer; nothing was charged'],
    ['Сбой поставщика ИИ', 'Поставщик ИИ не дал ответа; ничего не списано'],
  ),
  'ai-broke-off': entry(
    502,
    ['The answer broke off', 'The AI provider broke off in the middle of the answer; the question counts'],
    ['Ответ оборвался', 'Поставщик ИИ оборвал ответ на середине; вопрос засчитан'],
  ),
  overloaded: entry(
    503,
    ['Too busy', 'Too many requests are in work; try again in {seconds} s'],
    ['Сервер занят', 'Слишком много запросов в работе; повторите через {seconds} с'],
  ),
  unavailable: entry(
    503,
    ['Not available right now', 'A part of the server is away; try again in {seconds} s'],
    ['Сейчас недоступно', 'Часть сервера недоступна; повторите через {seconds} с'],
  ),
  'price-missing': entry(
    503,
    ['The model has no price', 'The model that would answer has no price yet; an administrator must set one'],
    ['У модели нет цены', 'Для модели, которая должна ответить, ещё не задана цена; её задаёт администратор'],
  ),
  timeout: entry(
    504,
    ['The request took too long', 'The request did not finish within {seconds} s'],
    ['Запрос выполнялся слишком долго', 'Запрос не завершился за {seconds} с'],
  ),
} satisfies Record<string, Entry>;

export type ProblemName = keyof typeof problems;
export type Language = 'en' | 'ru';

/** One mistake in a request: where it is (`body.email`) and what is the case. */
export interface FieldError {
  path: string;
  message: string;
}

interface ProblemOptions {
  parameters?: Record<string, string | number>;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Logged, never sent. */
  cause?: unknown;
}

/** A failure that a client is told about. Everything else that is thrown becomes `internal`. */
export class Problem extends Error {
  readonly type: ProblemName;
  readonly status: number;
  readonly parameters: Record<string, string | number>;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(type: ProblemName, options: ProblemOptions = {}) {
    super(type, { cause: options.cause });
    this.name = 'Problem';
    this.type = type;
    this.status = problems[type].status;
    this.parameters = options.parameters ?? {};
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  errors?: FieldError[];
  [extension: string]: unknown;
}

/** The `application/problem+json` body of a problem. `instance` is the request id; parameters stand as extensions. */
export function toProblemDocument(problem: Problem, language: Language, requestId?: string): ProblemDocument {
  const { title, detail } = problems[problem.type];
  return {
    type: `urn:pandect:problem:${problem.type}`,
    title: title[language],
    status: problem.status,
    detail: detail[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(problem.parameters[name] ?? '')),
    ...problem.parameters,
    ...(problem.errors && { errors: problem.errors }),
    ...(requestId && { instance: `urn:request:${requestId}` }),
  };
}

/** The first of our languages that an `Accept-Language` header names; English otherwise. Quality values only order. */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { tag: tag.toLowerCase().slice(0, 2), quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ tag, quality }) => quality > 0 && (tag === 'ru' || tag === 'en'))
    .sort((a, b) => b.quality - a.quality);
  return (wanted[0]?.tag as Language | undefined) ?? 'en';
}
