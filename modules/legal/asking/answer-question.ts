import type { Keep } from '../../../platform/capabilities/idempotency/index.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { idempotencyConflict, timeout } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { Admission, AdmissionRequest } from '../../commerce/metering/index.ts';
import { type Catalogue, type Choice, estimateTokens, meteredCall } from '../../models/index.ts';
import { chooseModel, type ModelChoice } from '../answers/index.ts';
import { answerStopped } from '../problems.ts';
import { type ReadQuestion, readQuestion } from '../question/index.ts';
import type { Answer, Question } from './answer.ts';
import { type AskEvent, PASSAGES_TOKENS, type ProduceDeps, produceAnswer, type Task } from './produce-answer.ts';
import { readHistory, storeAnswer } from './question-record.ts';

export type AskDeps = ProduceDeps & { admission: Admission; catalogue: Catalogue; notifications: Notifications };

export interface Asking {
  /** Under which it is metered, see `requestIdOf`. */
  requestId: string;
  /** Aborts when the client leaves, or stops an answer that it would have come back for. */
  client: AbortSignal | undefined;
  /** The answer is given up after this time. */
  seconds: number;
  /** Stores the answer with everything that settles it. */
  keep: Keep<Answer>;
}

/** Tokens of the rules, and of what stands around passages and question. */
const RULES_TOKENS = 450;

/** After the last moment of an answer, for storing it: until then its reservation stays open. */
const STORING_SECONDS = 30;

/**
 * One question's way: admitted against every limit, answered from the organization's documents, every citation resolved
 * to the words it rests on, settled and cached. A question that got no answer is given back. A client that leaves in the
 * middle of one has had the part that was produced, and one that its provider broke off in the middle counts as well. A reader
 * that returns the generator ends the call of the model and what was said is charged; nothing is stored.
 * It is put to the models of the configuration that is in effect when it comes.
 * @throws AiFailure
 * @throws Problem not-found, timeout, ai-broke-off, answer-stopped before the first word, and those of `Admission.admit`
 */
export async function* answerQuestion(
  deps: AskDeps,
  caller: Caller,
  question: Question,
  { requestId, client, seconds, keep }: Asking,
): AsyncGenerator<AskEvent, Answer> {
  const { organizationId } = caller;
  const deadline = AbortSignal.timeout(seconds * 1000);
  const signal = client ? AbortSignal.any([client, deadline]) : deadline;
  const history = await readHistory(deps.database, caller, question.conversationId);
  const read = readQuestion(question.question, history);
  const models = await deps.catalogue.of(organizationId);
  const request = toAdmission(models, caller, { requestId, seconds }, read);
  return yield* meteredCall(deps, request, async function* (call) {
    const { documentIds } = question;
    const choice = chooseModel(call.admitted.plan.modelPolicy, read.complexity);
    const asked = amongTargets(models[choice.alias], call.admitted.targets);
    const task: Task = { organizationId, documentIds, question: read, choice, asked, call, signal, deadline };
    try {
      return await storeAnswer(deps, caller, question, call, yield* produceAnswer(deps, task), keep);
    } catch (error) {
      const isTaken = isProblem(error, idempotencyConflict);
      if (deadline.aborted && !isTaken) throw new Problem(timeout, { cause: error, parameters: { seconds } });
      if (client?.aborted && !isTaken) throw new Problem(answerStopped, { cause: error });
      throw error;
    }
  });
}

/** Those that the books have room and a price for. */
function amongTargets({ models, retry }: Choice, admitted: readonly string[]): Choice {
  const [first = models[0], ...others] = models.filter(({ target }) => admitted.includes(target.name));
  return { models: [first, ...others], retry };
}

function toAdmission(
  catalogue: Record<ModelChoice['alias'], Choice>,
  caller: Caller,
  { requestId, seconds }: Pick<Asking, 'requestId' | 'seconds'>,
  { text, history, complexity }: ReadQuestion,
): AdmissionRequest {
  const model = (policy: keyof AdmissionRequest['models']) =>
    catalogue[chooseModel(policy, complexity).alias].models.map(({ target }) => ({
      ...{ target: target.name, price: target.price },
    }));
  const earlier = history.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  return {
    caller,
    requestId,
    secondsOpen: Math.ceil(seconds) + STORING_SECONDS,
    tokens: {
      questionTokens: estimateTokens(text),
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
