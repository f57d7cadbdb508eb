import type { SettledCall } from '../../commerce/metering/calls/contract.ts';
import type { Dialect, Json } from '../dialects/contract.ts';
import type { BegunAnswer, WholeAnswer } from '../routing/contract.ts';
import type { Route, Target } from '../routing/route.ts';
import { type AdmittedCall, type AskedCall, admitCall, type Gateway } from './admit-call.ts';
import { findRoute } from './find-route.ts';
import { logPrompt } from './log-prompt.ts';
import { once } from './once.ts';
import type { ReadChat } from './read-chat.ts';
import { replayAnswer } from './stored-answer.ts';
import { throughCache } from './through-cache.ts';

/** A conversation to be continued by a model. */
export interface AskedModel extends AskedCall {
  dialect: Dialect;
  /** As the caller sent it, and what was read of it. */
  body: Json;
  bytes: number;
  read: ReadChat;
  /** Of the caller, that go on to the upstream. */
  headers?: Readonly<Record<string, string>>;
  /** So long an answer is kept for equal requests, whatever the route says; 0 for not at all. */
  cacheSeconds: number | undefined;
}

export type ModelAnswer = (WholeAnswer | BegunAnswer) & {
  /** Calls of upstreams. */
  attempts: number;
  /** Names that were left out, where the route allows it. */
  dropped: readonly string[];
  /** Whether it was kept from an equal request; undefined where none is looked for. */
  isCached?: boolean;
  /** Whether it ended in good order. */
  isComplete(): boolean;
  /** What it cost, once it is over; undefined when it could not be settled. */
  settled: Promise<SettledCall | undefined>;
};

/** Tokens of an answer where neither the request nor the target sets a limit. */
const USUAL_OUTPUT = 4_096;

/**
 * One call's way: a place among the calls in progress, the reservation of what it may cost, the upstreams in turn, and the settlement of
 * what it did cost. A caller that leaves before the first token is charged nothing, and afterwards what came until then.
 * @throws Problem model-not-found, unsupported-parameter, and those of `admitCall` and `Exchange.chat`
 */
export async function callModel(gateway: Gateway, asked: AskedModel): Promise<ModelAnswer> {
  const route = findRoute(asked.configuration, asked.caller, asked.read.model);
  const { promptLog } = asked.configuration;
  const call = () => callRoute(gateway, asked, route);
  return promptLog ? logPrompt(gateway.promptLog, { ...asked, route: route.name, ...promptLog }, call) : call();
}

async function callRoute(gateway: Gateway, asked: AskedModel, route: Route): Promise<ModelAnswer> {
  const { dialect, body, read, requestId, signal } = asked;
  const call = await admitCall(gateway, {
    ...{ ...asked, route },
    prompt: { bytes: asked.bytes, media: read.media },
    output: (target) => outputOf(read, target),
  });
  try {
    const { isComplete, failures, note } = call.books;
    const { dropped, onDrop } = collectDropped();
    const ask = once(() =>
      gateway.exchange.chat({
        ...{ route, targets: call.targets, signal, dialect, body, requestId },
        ...(asked.headers && { headers: asked.headers }),
        ...{ stream: read.stream, includeUsage: read.includeUsage, model: read.model },
        ...{ onAttempt: note, onDrop },
      }),
    );
    const seconds = asked.cacheSeconds ?? (body.temperature === 0 ? route.cacheSeconds : 0);
    const found = seconds > 0 ? await askThroughCache(gateway, asked, { ...call, seconds }, ask) : undefined;
    if (found && 'hit' in found) {
      const { hit } = found;
      return { ...hit, attempts: 0, dropped, isCached: true, isComplete: () => true, settled: call.end(hit.target) };
    }
    const answer = found?.miss ?? (await ask());
    const told = { attempts: failures() + 1, dropped, isComplete, settled: call.endAfter(answer) };
    return { ...answer, ...told, ...(found && { isCached: false }) };
  } catch (error) {
    await call.end();
    throw error;
  }
}

/** Lives as long as a stream, and so holds nothing of its request. */
function collectDropped() {
  const dropped: string[] = [];
  return { dropped, onDrop: (parameter: string) => void dropped.push(parameter) };
}

async function askThroughCache(
  { answerCache }: Gateway,
  { caller, dialect, body, headers, read, signal }: AskedModel,
  { targets, seconds, books }: AdmittedCall & { seconds: number },
  ask: () => Promise<WholeAnswer | BegunAnswer>,
) {
  const { organizationId } = caller;
  const call = { organizationId, dialect: dialect.name, body, headers, stream: read.stream, targets, seconds, signal };
  const found = await throughCache(answerCache, call, ask, books.isComplete);
  if ('miss' in found) return found;
  const target = targets.find(({ name }) => name === found.hit.target) as Target;
  return { hit: { ...replayAnswer(found.hit), target } };
}

function outputOf({ maxOutput, answers }: ReadChat, target: Target): number {
  const most = target.maxOutput ?? maxOutput ?? USUAL_OUTPUT;
  return Math.min(maxOutput ?? most, most) * answers;
}
