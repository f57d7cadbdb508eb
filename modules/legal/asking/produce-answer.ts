import type { Database } from '../../../db/client.ts';
import type { Cache, SingleFlight } from '../../../platform/capabilities/cache/index.ts';
import type { Language } from '../../../platform/kernel/problem.ts';
import { countCacheRequest } from '../../../platform/kernel/telemetry/cache-requests.ts';
import type { Metrics } from '../../../platform/kernel/telemetry/metrics.ts';
import type { Attempt } from '../../commerce/metering/index.ts';
import {
  AiFailure,
  type CalledTarget,
  type CatalogueModel,
  type ChatCall,
  type Choice,
  type MeteredCall,
  noTokens,
  type Said,
} from '../../models/index.ts';
import {
  absentPart,
  absentUnits,
  fitPassages,
  type ModelChoice,
  PROMPT_VERSION,
  refusalText,
  resolveCitations,
  resolveIncomplete,
} from '../answers/index.ts';
import type { AnswererOf } from '../answers/provide-answerer.ts';
import type { ReadQuestion } from '../question/index.ts';
import type { Finding, Passage, Retrieval } from '../search/index.ts';
import type { Produced } from './answer.ts';
import { answerKey } from './answer-key.ts';
import { type RefusalReason, refusalWithReason } from './refusal-reasons.ts';
import { replacedAmong } from './replaced-documents.ts';
import { textsInQuestion } from './texts-in-question.ts';

export type AskEvent = { type: 'passages'; passages: Passage[] } | { type: 'delta'; text: string };

export interface ProduceDeps {
  database: Database;
  retrieval: Retrieval;
  answererOf: AnswererOf;
  cache: Cache;
  singleFlight: SingleFlight;
  metrics: Metrics;
}

/** An admitted question with everything that its answer depends on. */
export interface Task {
  organizationId: string;
  /** Only these documents; undefined: all. */
  documentIds: readonly string[] | undefined;
  question: ReadQuestion;
  choice: ModelChoice;
  /** Whom it may be put to, by that choice. */
  asked: Choice;
  call: MeteredCall;
  /** Aborts when the client leaves or stops the answer, or the time is over. */
  signal: AbortSignal;
  /** Aborts when the time is over. */
  deadline: AbortSignal;
}

interface Entry {
  produced: Produced;
  passages: Passage[];
}

/** `isCacheable` when the model that was chosen gave the whole answer. */
interface Outcome {
  produced: Produced;
  isCacheable: boolean;
}

/** Passages that an answer may rest on, and what they may take of a prompt together, frames included. */
const PASSAGES = 8;
export const PASSAGES_TOKENS = 3_680;
const LONGEST_HEADING = 200;
const CACHE_SECONDS = 24 * 3600;

/**
 * The answer, from the cache or the provider. Many equal questions at once are put to the provider once: the first one's answer
 * is what the others find in the cache. @throws AiFailure
 */
export async function* produceAnswer(deps: ProduceDeps, task: Task): AsyncGenerator<AskEvent, Produced> {
  const { organizationId, documentIds, question, asked, call, signal } = task;
  const { documentsVersion, plan } = call.admitted;
  // What was said before changes what a question means, so only first questions are cached.
  if (question.history.length > 0) return (yield* answerFromDocuments(deps, task)).produced;
  const [first] = asked.models;
  const key = answerKey({
    ...{ organizationId, documentsVersion, documentIds, question: question.text, language: question.language },
    model: first.target.model,
    target: { route: first.route, target: first.target.name, server: first.target.provider.baseUrl },
    maxTokens: plan.maxTokensPerQuestion,
    promptVersion: PROMPT_VERSION,
  });
  const outcome = yield* deps.singleFlight.run(key, {
    signal,
    find: () => deps.cache.get<Entry>(key),
    async *work() {
      const { isCacheable, ...entry } = yield* answerFromDocuments(deps, task);
      if (isCacheable && !signal.aborted) await deps.cache.set(key, entry, CACHE_SECONDS);
      return entry.produced;
    },
  });
  countCacheRequest(deps.metrics, 'answers', 'made' in outcome ? 'miss' : 'hit');
  if ('made' in outcome) return outcome.made;
  const { passages, produced } = outcome.found;
  yield { type: 'passages', passages };
  yield { type: 'delta', text: produced.answer };
  call.answerWithout(calledTarget(first));
  return {
    ...produced,
    usage: noTokens,
    cached: true,
    incomplete: false,
    metadata: { ...produced.metadata, attempts: 0 },
  };
}

async function* answerFromDocuments(deps: ProduceDeps, task: Task): AsyncGenerator<AskEvent, Outcome & Entry> {
  const { organizationId, documentIds, question, signal } = task;
  const found = await deps.retrieval.find(organizationId, { question, limit: PASSAGES, documentIds, signal });
  const whole = found.passages.map(toNumbered);
  const reason = await refusalReason(deps, task, found, whole);
  const passages = reason === undefined ? found.passages : [];
  yield { type: 'passages', passages };
  const numbered = reason === undefined ? fitPassages(whole, PASSAGES_TOKENS) : [];
  const given =
    numbered.length === 0
      ? yield* refuse(task, reason)
      : yield* askModel(deps, task, { passages: numbered, naming: found.naming });
  return { ...given, passages };
}

/** Why no model needs to be asked, if so: what is asked for is known not to be there. */
async function refusalReason(
  { database }: ProduceDeps,
  { organizationId, documentIds = [], question }: Task,
  { passages, unknownParties, replaced }: Finding,
  whole: readonly Numbered[],
): Promise<RefusalReason | undefined> {
  const former = passages.length === 0 ? [...documentIds, ...replaced] : replaced;
  if (former.length > 0) {
    const documents = await replacedAmong(database, organizationId, former);
    if (documents.length > 0) return { kind: 'replaced', documents };
  }
  if (unknownParties.length > 0) return { kind: 'unknown-parties', parties: unknownParties };
  const { references } = question.meaning;
  const part = absentPart(references, whole);
  if (part) return { kind: 'absent-part', part };
  const named = passages.length > 0 ? [...new Set(passages.map(({ documentId }) => documentId))] : documentIds;
  const units = await absentUnits(references, whole, () => textsInQuestion(database, organizationId, named));
  return units.length > 0 ? { kind: 'absent-units', units } : undefined;
}

/** There is nothing that a model could answer from. */
function* refuse(
  { question, choice, asked, call }: Task,
  reason: RefusalReason | undefined,
): Generator<AskEvent, Outcome> {
  const refusal = refusalOf(question.language, reason);
  const [first] = asked.models;
  const { model } = first.target;
  call.answerWithout(calledTarget(first));
  yield { type: 'delta', text: refusal.answer };
  const metadata = { ...describe(choice), attempts: 0, droppedSentences: 0 };
  const produced = { ...refusal, model, usage: noTokens, cached: false, incomplete: false, metadata };
  return { produced, isCacheable: true };
}

async function* askModel(
  deps: ProduceDeps,
  task: Task,
  { passages, naming }: { passages: readonly Numbered[]; naming: string },
): AsyncGenerator<AskEvent, Outcome> {
  const { question, choice, asked, call, signal, deadline } = task;
  const calls = await Promise.all(asked.models.map((model) => callOf(deps, task, { model, passages, naming })));
  // One alone is asked again.
  if (calls.length === 1) calls.push(...calls);
  let said: Said | undefined;
  for await (const event of call.ask(calls, signal, asked.retry)) {
    if (event.type === 'text') yield { type: 'delta', text: event.text };
    else if (event.type === 'ended') said = event;
  }
  const { text, attempt, error, at } = said as Said;
  const [first] = asked.models;
  const answering = asked.models[at] ?? first;
  const isFirst = answering === first;
  const taken: ModelChoice = isFirst
    ? choice
    : {
        ...choice,
        ...(answering.route !== first.route && { alias: 'standard' }),
        reason: `${choice.reason}; ${first.target.model} failed`,
      };
  // A client that leaves or stops in the middle has had the part that was produced.
  const clientLeft = error instanceof AiFailure && error.reason === 'cancelled' && !deadline.aborted && text !== '';
  if (error !== undefined && !clientLeft) throw error;

  const resolve = clientLeft ? resolveIncomplete : resolveCitations;
  const { dropped, ...resolved } = resolve(text, passages, question.text);
  const { promptTokens, completionTokens, cachedTokens } = attempt as Attempt;
  const produced: Produced = {
    ...(resolved.answered || clientLeft ? resolved : refusalOf(question.language)),
    model: answering.target.model,
    usage: { promptTokens, completionTokens, cachedTokens },
    cached: false,
    incomplete: clientLeft,
    metadata: { ...describe(taken), attempts: call.calls, droppedSentences: dropped },
  };
  return { produced, isCacheable: !clientLeft && isFirst };
}

/** The call that puts a question to a model. */
async function callOf(
  { answererOf }: ProduceDeps,
  { question, call }: Task,
  { model, ...given }: { model: CatalogueModel; passages: readonly Numbered[]; naming: string },
): Promise<ChatCall> {
  const { maxTokensPerQuestion } = call.admitted.plan;
  const answerer = await answererOf(model);
  const maxTokens = Math.min(maxTokensPerQuestion, model.target.maxOutput ?? maxTokensPerQuestion);
  const prepared = answerer.prepare({ ...given, question, model: model.target.model, maxTokens });
  return { ...prepared, target: calledTarget(model) };
}

const calledTarget = ({ route, target }: CatalogueModel): CalledTarget => ({
  ...{ route, target: target.name, provider: target.provider.name, price: target.price },
});

const refusalOf = (language: Language, reason?: RefusalReason) => ({
  answer: reason ? refusalWithReason(reason, language) : refusalText(language),
  citations: [],
  answered: false,
});

const describe = ({ alias, complexity, reason }: ModelChoice) => ({
  ...{ modelAlias: alias, complexity, modelReason: reason },
});

type Numbered = ReturnType<typeof toNumbered>;

const toNumbered = (passage: Passage, index: number) => ({
  ...passage,
  number: index + 1,
  heading: passage.headingPath.join(' › ').slice(0, LONGEST_HEADING),
});
