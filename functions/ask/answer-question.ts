import type { Database } from '../../db/client.ts';
import {
  AiFailure,
  type AiProvider,
  estimateUsage,
  PROMPT_VERSION,
  refusalText,
  type TokenUsage,
} from '../../platform/capabilities/ai/index.ts';
import { chooseModel, resolveCitations } from '../../platform/capabilities/answers/index.ts';
import type { Cache } from '../../platform/capabilities/cache/index.ts';
import type { Keep } from '../../platform/capabilities/idempotency/index.ts';
import type { Caller } from '../../platform/capabilities/identity/index.ts';
import { detectLanguage } from '../../platform/capabilities/language/index.ts';
import type { Passage, Retrieval } from '../../platform/capabilities/retrieval/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import type { Metrics } from '../../platform/kernel/telemetry/metrics.ts';
import type { Answer, Produced, Question } from './answer.ts';
import { answerKey } from './answer-key.ts';
import { type Admission, abandonQuestion, admitQuestion, settleQuestion } from './question-record.ts';

export type AskEvent = { type: 'passages'; passages: Passage[] } | { type: 'delta'; text: string };

export interface AskDeps {
  database: Database;
  retrieval: Retrieval;
  ai: AiProvider;
  cache: Cache;
  metrics: Metrics;
}

export interface Asking {
  onEvent: (event: AskEvent) => Promise<void>;
  /** Aborts when the client leaves; absent when it will come back for the answer. */
  client: AbortSignal | undefined;
  /** The answer is given up after this time. */
  seconds: number;
  /** Stores the answer with everything that settles it. */
  keep: Keep<Answer>;
}

const PASSAGES = 8;
const CACHE_SECONDS = 24 * 3600;
const noTokens: TokenUsage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

/**
 * One question's way: admitted against the plan, answered from the organization's documents, every citation resolved
 * to the words it rests on, settled and cached. A question that got no answer is given back; whoever leaves in the
 * middle of one has had the part that was produced.
 * @throws AiFailure
 * @throws Problem not-found, daily-questions-used, monthly-questions-used, timeout
 */
export async function answerQuestion(
  deps: AskDeps,
  caller: Caller,
  asked: Question,
  { onEvent, client, seconds, keep }: Asking,
): Promise<Answer> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  const admission = await admitQuestion(deps.database, caller, asked, new Date());
  try {
    const answer = await produce(deps, caller, asked, admission, onEvent, { client, deadline });
    return await settleQuestion(deps.database, caller, asked, admission, answer, keep);
  } catch (error) {
    await abandonQuestion(deps.database, caller, admission);
    if (deadline.aborted) throw new Problem('timeout', { cause: error, parameters: { seconds } });
    throw error;
  }
}

async function produce(
  { retrieval, ai, cache, metrics }: AskDeps,
  { organizationId }: Caller,
  { question, documentIds }: Question,
  { plan, documentsVersion, history }: Admission,
  onEvent: Asking['onEvent'],
  { client, deadline }: { client: AbortSignal | undefined; deadline: AbortSignal },
): Promise<Produced> {
  const signal = client ? AbortSignal.any([client, deadline]) : deadline;
  const language = detectLanguage(question);
  const choice = chooseModel(plan.modelPolicy, question);
  const model = ai.model(choice.alias);
  const maxTokens = plan.maxTokensPerQuestion;
  const key = answerKey({
    organizationId,
    documentsVersion,
    documentIds,
    model,
    maxTokens,
    language,
    promptVersion: PROMPT_VERSION,
    question,
  });
  // What was said before changes what a question means, so only first questions are cached.
  const cacheable = history.length === 0;
  const hit = cacheable ? await cache.get<{ produced: Produced; passages: Passage[] }>(key) : undefined;
  if (hit) {
    await onEvent({ type: 'passages', passages: hit.passages });
    await onEvent({ type: 'delta', text: hit.produced.answer });
    return { ...hit.produced, usage: noTokens, cached: true };
  }

  const passages = await retrieval.search(organizationId, { query: question, limit: PASSAGES, documentIds, signal });
  await onEvent({ type: 'passages', passages });
  const numbered = passages.map((passage, index) => ({ ...passage, number: index + 1 }));
  const request = { question, passages: numbered, history, language, model, maxTokens, signal };
  let text = '';
  let usage: TokenUsage | undefined;
  try {
    for await (const event of ai.answer(request)) {
      if (event.type === 'usage') usage = event;
      else {
        text += event.text;
        await onEvent(event);
      }
    }
  } catch (error) {
    const clientLeft = error instanceof AiFailure && error.reason === 'cancelled' && !deadline.aborted;
    if (!clientLeft || text === '') throw error;
  }
  const { promptTokens, completionTokens, cachedTokens } = usage ?? estimateUsage(request, text);
  metrics.aiRequest(model, organizationId);
  metrics.aiTokens(model, organizationId, promptTokens + completionTokens);

  const resolved = resolveCitations(text, numbered);
  const produced: Produced = {
    ...(resolved.answered ? resolved : { answer: refusalText(language), citations: [], answered: false }),
    model,
    modelReason: choice.reason,
    usage: { promptTokens, completionTokens, cachedTokens },
    cached: false,
  };
  if (cacheable && !signal.aborted) await cache.set(key, { produced, passages }, CACHE_SECONDS);
  return produced;
}
