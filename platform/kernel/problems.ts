import { defineProblem } from './problem.ts';

/*
 * Problems of requests as such, and of this side failing. Those of a subject stand in its module's `problems.ts`.
 */

export const malformedJson = defineProblem(
  'malformed-json',
  400,
  ['The request body is not JSON', 'The body could not be read as JSON'],
  ['Тело запроса не является JSON', 'Тело запроса не удалось прочитать как JSON'],
);

export const malformedMultipart = defineProblem(
  'malformed-multipart',
  400,
  ['Malformed upload', 'The body is not a complete multipart form with one file in the field "file"'],
  ['Загрузка не читается', 'Тело запроса не является полной формой multipart с одним файлом в поле "file"'],
);

export const malformedRequest = defineProblem(
  'malformed-request',
  400,
  ['Malformed request', 'The body violates HTTP framing: its chunks or trailers are malformed'],
  ['Запрос не читается', 'Тело запроса передано не по правилам HTTP: его части или завершающие поля повреждены'],
);

export const invalidRequest = defineProblem(
  'invalid-request',
  400,
  ['Invalid request', 'Some fields are missing, unknown or malformed; see "errors"'],
  ['Запрос составлен неверно', 'Некоторые поля отсутствуют, неизвестны или имеют неверный вид; см. "errors"'],
);

export const hostNotAllowed = defineProblem(
  'host-not-allowed',
  400,
  ['Unknown host', 'This server does not serve the requested host name'],
  ['Неизвестный узел', 'Этот сервер не отвечает за указанное имя узла'],
);

export const unauthenticated = defineProblem(
  'unauthenticated',
  401,
  ['Sign-in required', 'The Authorization header must carry a valid access token'],
  ['Требуется вход', 'В заголовке Authorization нужен действительный токен доступа'],
);

export const notFound = defineProblem(
  'not-found',
  404,
  ['Not found', 'The resource does not exist or is not accessible to you'],
  ['Не найдено', 'Ресурс не существует или недоступен вам'],
);

/** @public a documented answer that no function gives at present */
export const methodNotAllowed = defineProblem(
  'method-not-allowed',
  405,
  ['Method not allowed', 'This address does not support {method}'],
  ['Метод не поддерживается', 'Этот адрес не поддерживает {method}'],
);

export const bodyTimeout = defineProblem(
  'body-timeout',
  408,
  ['Request timeout', 'The body did not arrive in time; send the request again'],
  ['Запрос не получен', 'Тело запроса не пришло вовремя; отправьте запрос ещё раз'],
);

export const idempotencyConflict = defineProblem(
  'idempotency-conflict',
  409,
  ['Request in progress', 'A request with this Idempotency-Key has not finished yet'],
  ['Запрос уже выполняется', 'Запрос с этим Idempotency-Key ещё не завершён'],
);

export const changeRefused = defineProblem(
  'change-refused',
  409,
  ['The platform refuses the change', 'The reason: {reason}'],
  ['Платформа отказала в действии', 'Причина: {reason}'],
);

export const countChanged = defineProblem(
  'count-changed',
  409,
  ['The number has changed', 'The filter matches {count} now; nothing was changed'],
  ['Число изменилось', 'Под фильтр теперь подходит {count}; ничего не изменено'],
);

export const payloadTooLarge = defineProblem(
  'payload-too-large',
  413,
  ['The request is too large', 'The body may contain at most {limit} bytes'],
  ['Запрос слишком велик', 'Тело запроса может содержать не более {limit} байт'],
);

export const unsupportedMediaType = defineProblem(
  'unsupported-media-type',
  415,
  ['Content type not supported', 'This address accepts {expected}'],
  ['Тип содержимого не поддерживается', 'Этот адрес принимает {expected}'],
);

export const rangeNotSatisfiable = defineProblem(
  'range-not-satisfiable',
  416,
  ['Range not satisfiable', 'The file has {size} bytes; the requested range begins after its end'],
  ['Диапазон недоступен', 'Размер файла {size} байт; запрошенный диапазон начинается за его концом'],
);

export const wrongHost = defineProblem(
  'wrong-host',
  421,
  [
    'Another host answered',
    'Host "{host}" received the request, which names another one; nothing was done. Send it again',
  ],
  [
    'Ответил другой узел',
    'Запрос пришёл на узел "{host}", а предназначен другому; ничего не сделано. Отправьте его снова',
  ],
);

export const idempotencyMismatch = defineProblem(
  'idempotency-mismatch',
  422,
  ['Idempotency-Key reused with a different request', 'A different request was already sent with this Idempotency-Key'],
  ['Idempotency-Key уже использован', 'С этим Idempotency-Key был отправлен другой запрос'],
);

export const rateLimited = defineProblem(
  'rate-limited',
  429,
  ['Too many requests', 'Wait {seconds} s before the next request'],
  ['Слишком много запросов', 'Подождите {seconds} с до следующего запроса'],
);

export const internal = defineProblem(
  'internal',
  500,
  ['Internal error', 'The request failed on the server; quote its id when you report it'],
  ['Произошла ошибка', 'Запрос не выполнен из-за ошибки сервера; сообщите его номер в поддержку'],
);

export const overloaded = defineProblem(
  'overloaded',
  503,
  ['Server overloaded', 'Too many requests are in progress. Retry in {seconds} s'],
  ['Сервер перегружен', 'Слишком много запросов выполняется одновременно. Повторите через {seconds} с'],
);

export const unavailable = defineProblem(
  'unavailable',
  503,
  ['Temporarily unavailable', 'A required service is temporarily unavailable. Retry in {seconds} s'],
  ['Временно недоступно', 'Один из сервисов временно недоступен. Повторите через {seconds} с'],
);

export const timeout = defineProblem(
  'timeout',
  504,
  ['The request took too long', 'The request did not finish within {seconds} s'],
  ['Запрос выполнялся слишком долго', 'Запрос не завершился за {seconds} с'],
);
