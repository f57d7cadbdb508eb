import type { Problem } from '../../../platform/kernel/problem.ts';
import { writeOpenAiError } from '../dialects/write-openai-error.ts';
import type { MadeAnswer } from './call-maker.ts';

/** A problem in the form that callers of every endpoint know, which is OpenAI's. */
export function writeCallProblem(problem: Problem, requestId: string): MadeAnswer {
  const { status, body } = writeOpenAiError(problem, requestId);
  return { status, answer: JSON.stringify(body) };
}
