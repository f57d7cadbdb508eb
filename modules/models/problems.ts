import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of model providers. */

export const aiFailed = defineProblem(
  'ai-failed',
  502,
  ['The AI provider failed', 'The AI provider did not answer; nothing was charged'],
  ['Сбой поставщика ИИ', 'Поставщик ИИ не дал ответа; ничего не списано'],
);

export const aiBrokeOff = defineProblem(
  'ai-broke-off',
  502,
  ['The answer was interrupted', 'The AI provider stopped in the middle of the answer; the question counts'],
  ['Ответ прерван', 'Поставщик ИИ прервал ответ на середине; вопрос засчитан'],
);

export const unsupportedParameter = defineProblem(
  'unsupported-parameter',
  400,
  ['Parameter not supported', 'The model cannot do what "{parameter}" asks for'],
  ['Параметр не поддерживается', 'Модель не умеет того, что задаёт "{parameter}"'],
);

export const upstreamRefused = defineProblem(
  'upstream-refused',
  400,
  ['The provider refused the request', 'The provider of the model refused the request as invalid: {reason}'],
  ['Поставщик отклонил запрос', 'Поставщик модели счёл запрос неверным: {reason}'],
);

export const contextTooLong = defineProblem(
  'context-too-long',
  400,
  ['The prompt is too long', 'The prompt and the wanted answer do not fit into the context of the model'],
  ['Запрос слишком длинный', 'Запрос вместе с ожидаемым ответом не помещается в контекст модели'],
);

export const modelNotFound = defineProblem(
  'model-not-found',
  404,
  ['Model not found', 'There is no model "{model}", or this key may not call it'],
  ['Модель не найдена', 'Модели "{model}" нет, или этому ключу она недоступна'],
);

export const upstreamRateLimited = defineProblem(
  'upstream-rate-limited',
  429,
  [
    'The provider is busy',
    'The provider of the model lets no more requests through at the moment. Retry in {seconds} s',
  ],
  ['Поставщик занят', 'Поставщик модели сейчас не принимает больше запросов. Повторите через {seconds} с'],
);

export const tooManyCallsAtOnce = defineProblem(
  'too-many-calls-at-once',
  429,
  ['Too many calls at once', 'At most {limit} calls may be in progress at the same time'],
  ['Слишком много одновременных вызовов', 'Одновременно может выполняться не более {limit} вызовов'],
);

export const upstreamFailed = defineProblem(
  'upstream-failed',
  502,
  ['The provider failed', 'The provider of the model did not answer as it should'],
  ['Сбой поставщика', 'Поставщик модели ответил не так, как должен'],
);

export const invalidUpstreamAnswer = defineProblem(
  'invalid-upstream-answer',
  502,
  ['The answer of the provider is unreadable', 'The provider of the model sent something that could not be read'],
  ['Ответ поставщика не читается', 'Поставщик модели прислал то, что не удалось прочитать'],
);

export const responseTooLarge = defineProblem(
  'response-too-large',
  502,
  ['The answer is too large', 'The answer of the provider is larger than {limit} bytes'],
  ['Ответ слишком велик', 'Ответ поставщика больше {limit} байт'],
);

export const streamInterrupted = defineProblem(
  'stream-interrupted',
  502,
  [
    'The answer was interrupted',
    'The provider of the model stopped in the middle of the answer; what came of it is charged',
  ],
  ['Ответ прерван', 'Поставщик модели прервал ответ на середине; полученная часть оплачивается'],
);

export const upstreamOverloaded = defineProblem(
  'upstream-overloaded',
  503,
  ['The provider is overloaded', 'The provider of the model is overloaded'],
  ['Поставщик перегружен', 'Поставщик модели перегружен'],
);

export const allTargetsAway = defineProblem(
  'all-targets-away',
  503,
  ['No provider is available', 'Every provider of the model failed just now. Retry in {seconds} s'],
  ['Нет доступного поставщика', 'Все поставщики модели только что дали сбой. Повторите через {seconds} с'],
);

export const upstreamTimeout = defineProblem(
  'upstream-timeout',
  504,
  ['The provider took too long', 'The provider of the model did not answer in time'],
  ['Поставщик не ответил вовремя', 'Поставщик модели не ответил за отведённое время'],
);

export const fileQuotaReached = defineProblem(
  'file-quota-reached',
  403,
  ['No room for files', 'The files of your organization may have {limit} bytes together; delete some of them first'],
  ['Нет места для файлов', 'Файлы организации вместе могут занимать {limit} байт; сначала удалите часть из них'],
);

export const batchOver = defineProblem(
  'batch-over',
  409,
  ['The batch has ended', 'The batch is "{state}"; it can no longer be cancelled'],
  ['Пакет завершён', 'Пакет в состоянии «{state}»; отменить его уже нельзя'],
);

export const callInterrupted = defineProblem(
  'call-interrupted',
  502,
  [
    'The call was interrupted',
    'The call was cut off after it was sent to the provider, so it is not repeated; it is charged at most once',
  ],
  [
    'Вызов прерван',
    'Вызов прервался после отправки поставщику, поэтому не повторяется; он оплачивается не более одного раза',
  ],
);
