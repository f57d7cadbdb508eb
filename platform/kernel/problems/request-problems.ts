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
    ['Malformed request', 'The body violates HTTP framing: its chunks or trailers are malformed'],
    ['Запрос не читается', 'Тело запроса передано не по правилам HTTP: его части или завершающие поля повреждены'],
  ),
  'invalid-request': entry(
    400,
    ['Invalid request', 'Some fields are missing, unknown or malformed; see "errors"'],
    ['Запрос составлен неверно', 'Некоторые поля отсутствуют, неизвестны или имеют неверный вид; см. "errors"'],
  ),
  'host-not-allowed': entry(
    400,
    ['Unknown host', 'This server does not serve the requested host name'],
    ['Неизвестный узел', 'Этот сервер не отвечает за указанное имя узла'],
  ),
  'not-found': entry(
    404,
    ['Not found', 'The resource does not exist or is not accessible to you'],
    ['Не найдено', 'Ресурс не существует или недоступен вам'],
  ),
  'method-not-allowed': entry(
    405,
    ['Method not allowed', 'This address does not support {method}'],
    ['Метод не поддерживается', 'Этот адрес не поддерживает {method}'],
  ),
  'body-timeout': entry(
    408,
    ['Request timeout', 'The body did not arrive in time; send the request again'],
    ['Запрос не получен', 'Тело запроса не пришло вовремя; отправьте запрос ещё раз'],
  ),
  'wrong-state': entry(
    409,
    ['Not possible in this state', 'The document is "{current}"; this operation requires "{needed}"'],
    ['Невозможно в этом состоянии', 'Документ в состоянии «{current}»; нужно «{needed}»'],
  ),
  'idempotency-conflict': entry(
    409,
    ['Request in progress', 'A request with this Idempotency-Key has not finished yet'],
    ['Запрос уже выполняется', 'Запрос с этим Idempotency-Key ещё не завершён'],
  ),
  'payload-too-large': entry(
    413,
    ['The request is too large', 'The body may contain at most {limit} bytes'],
    ['Запрос слишком велик', 'Тело запроса может содержать не более {limit} байт'],
  ),
  'unsupported-media-type': entry(
    415,
    ['Content type not supported', 'This address accepts {expected}'],
    ['Тип содержимого не поддерживается', 'Этот адрес принимает {expected}'],
  ),
  'idempotency-mismatch': entry(
    422,
    [
      'Idempotency-Key reused with a different request',
      'A different request was already sent with this Idempotency-Key',
    ],
    ['Idempotency-Key уже использован', 'С этим Idempotency-Key был отправлен другой запрос'],
  ),
  'rate-limited': entry(
    429,
    ['Too many requests', 'Wait {seconds} s before the next request'],
    ['Слишком много запросов', 'Подождите {seconds} с до следующего запроса'],
  ),
  internal: entry(
    500,
    ['Internal error', 'The request failed on the server; quote its id when you report it'],
    ['Произошла ошибка', 'Запрос не выполнен из-за ошибки сервера; сообщите его номер в поддержку'],
  ),
  'ai-failed': entry(
    502,
    ['The AI provider failed', 'The AI provider did not answer; nothing was charged'],
    ['Сбой поставщика ИИ', 'Поставщик ИИ не дал ответа; ничего не списано'],
  ),
  'ai-broke-off': entry(
    502,
    ['The answer was interrupted', 'The AI provider stopped in the middle of the answer; the question counts'],
    ['Ответ прерван', 'Поставщик ИИ прервал ответ на середине; вопрос засчитан'],
  ),
  overloaded: entry(
    503,
    ['Server overloaded', 'Too many requests are in progress. Retry in {seconds} s'],
    ['Сервер перегружен', 'Слишком много запросов выполняется одновременно. Повторите через {seconds} с'],
  ),
  unavailable: entry(
    503,
    ['Temporarily unavailable', 'A required service is temporarily unavailable. Retry in {seconds} s'],
    ['Временно недоступно', 'Один из сервисов временно недоступен. Повторите через {seconds} с'],
  ),
  timeout: entry(
    504,
    ['The request took too long', 'The request did not finish within {seconds} s'],
    ['Запрос выполнялся слишком долго', 'Запрос не завершился за {seconds} с'],
  ),
} satisfies Record<string, Entry>;
