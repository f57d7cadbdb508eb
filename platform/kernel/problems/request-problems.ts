import { type Entry, entry } from './entry.ts';

/** Of requests as such, and of this side failing. */
export const requestProblems = {
  'malformed-json': entry(
    400,
    ['The request body is not JSON', 'The body could not be read as JSON'],
    ['Тело запроса не является JSON', 'Тело запроса не удалось прочитать как JSON'],
  ),
  'malformed-request': entry(
    400,
    ['The request is not readable', 'The body is not framed as HTTP asks; its chunks or trailers are malformed'],
    ['Запрос не читается', 'Тело запроса передано не по правилам HTTP: его части или завершающие поля повреждены'],
  ),
  'invalid-request': entry(
    400,
    ['The request is not valid', 'Some fields are missing, unknown or of the wrong form; see "errors"'],
    ['Запрос составлен неверно', 'Некоторые поля отсутствуют, неизвестны или имеют неверный вид; см. "errors"'],
  ),
  'host-not-allowed': entry(
    400,
    ['Unknown host', 'This server does not answer for the requested host name'],
    ['Неизвестный узел', 'Этот сервер не отвечает за указанное имя узла'],
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
  'body-timeout': entry(
    408,
    ['The request did not arrive', 'The body did not arrive in time; send the request again'],
    ['Запрос не получен', 'Тело запроса не пришло вовремя; отправьте запрос ещё раз'],
  ),
  'wrong-state': entry(
    409,
    ['Not possible in this state', 'The document is "{current}"; this needs "{needed}"'],
    ['Невозможно в этом состоянии', 'Документ в состоянии «{current}»; нужно «{needed}»'],
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
  'unsupported-media-type': entry(
    415,
    ['Content type not supported', 'This address takes {expected}'],
    ['Тип содержимого не поддерживается', 'Этот адрес принимает {expected}'],
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
  internal: entry(
    500,
    ['Something went wrong', 'The request failed on our side; its id helps to find out why'],
    ['Произошла ошибка', 'Запрос не выполнен по нашей вине; его номер поможет найти причину'],
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
  timeout: entry(
    504,
    ['The request took too long', 'The request did not finish within {seconds} s'],
    ['Запрос выполнялся слишком долго', 'Запрос не завершился за {seconds} с'],
  ),
} satisfies Record<string, Entry>;
