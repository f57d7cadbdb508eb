import {
  type Admission,
  type AdmissionRequest,
  type Attempt,
  releaseQuestion,
  settleQuestion,
} from '../../modules/commerce/metering/index.ts';
import { chooseModel } from '../../modules/legal/answers/index.ts';
import { AiFailure, estimateTokens, type Turn } from '../../modules/models/index.ts';
import type { Keep } from '../../platform/capabilities/idempotency/index.ts';
import type { Notifications } from '../../platform/capabilities/outbox/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import type { Answer, Question } from './answer.ts';
import { PASSAGES_TOKENS, type ProduceDeps, produceAnswer, type Task } from './produce-answer.ts';
import { readHistory, storeAnswer } from './question-record.ts';

export type AskDeps = ProduceDeps & { admission: Admission; notifications: Notifications };

export interface Asking extends Pick<Task, 'onEvent'> {
  /** Under which it is metered, see `requestIdOf`. */
  requestId: string;
  /** Aborts when the client leaves; absent when it will come back for the answer. */
  client: AbortSignal | undefined;
  /** The answer is given up after this time. */
  seconds: number;
  /** Stores the answer with everything that settles it. */
  keep: Keep<Answer>;
}

/** Tokens of the rules, and of what stands around passages and question. */
const RULES_TOKENS = 450;

/**
 * One question's way: admitted against every limit, answered from the organization's documents, every citation resolved
 * to the words it rests on, settled and cached. A question that got no answer is given back; whoever leaves in the
 * middle of one has had the part that was produced, and one that its provider broke off in the middle counts as well.
 * @throws AiFailure
 * @throws Problem not-found, timeout, ai-broke-off, and those of `Admission.admit`
 */
export async function answerQuestion(
  deps: AskDeps,
  caller: Caller,
  question: Question,
  { onEvent, requestId, client, seconds, keep }: Asking,
): Promise<Answer> {
  const { organizationId } = caller;
  const deadline = AbortSignal.timeout(seconds * 1000);
  const signal = client ? AbortSignal.any([client, deadline]) : deadline;
  const history = await readHistory(deps.database, caller, question.conversationId);
  const admitted = await deps.admission.admit(toAdmission(deps, caller, requestId, question.question, history));
  const attempts: Attempt[] = [];
  try {
    const task: Task = { organizationId, question, admitted, history, onEvent, signal, deadline, attempts };
    const answer = await produceAnswer(deps, task);
    describeLast(attempts, { answered: answer.answered, ...answer.metadata });
    return await storeAnswer(deps, caller, question, admitted, { answer, attempts }, keep);
  } catch (error) {
    // A later request took the key over, and with it the reservation, which it goes on with.
    if (error instanceof Problem && error.type === 'idempotency-conflict') throw error;
    const broken = attempts.some(({ outcome }) => outcome === 'broken');
    const close = broken ? settleQuestion : releaseQuestion;
    await deps.database.tenant(organizationId, (tx) => close(tx, organizationId, admitted.requestId, attempts));
    if (deadline.aborted) throw new Problem('timeout', { cause: error, parameters: { seconds } });
    if (broken && error instanceof AiFailure) throw new Problem('ai-broke-off', { cause: error });
    throw error;
  }
}

function toAdmission(
  { ai }: Pick<AskDeps, 'ai'>,
  caller: Caller,
  requestId: string,
  question: string,
  history: readonly Turn[],
): AdmissionRequest {
  const model = (policy: keyof AdmissionRequest['models']) => ai.model(chooseModel(policy, question).alias);
  const earlier = history.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  return {
    caller,
    requestId,
    tokens: {
      questionTokens: estimateTokens(question),
      contextTokens: RULES_TOKENS + earlier + PASSAGES_TOKENS,
      maxTokens: [],
    },
    models: {
      standard: model('standard'),
      advanced: model('advanced'),
      'advanced-when-complex': model('advanced-when-complex'),
    },
  };
}

function describeLast(attempts: Attempt[], metadata: Record<string, unknown>): void {
  const last = attempts.at(-1);
  if (last) last.metadata = metadata;
}
