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
