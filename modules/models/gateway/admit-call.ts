import type { Log } from '../../../platform/kernel/log.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { CallMetering, CallUsage, ReservedCall, SettledCall } from '../../commerce/metering/calls/contract.ts';
import type { ChannelLimits } from '../../commerce/metering/provide-channel-limits.ts';
import type { Configurations, GatewayConfiguration } from '../configuration/contract.ts';
import type { PromptLog } from '../prompts/prompt-log.ts';
import type { AttemptReport, BegunAnswer, Exchange, WholeAnswer } from '../routing/contract.ts';
import type { Route, Target } from '../routing/route.ts';
import type { CallTelemetry } from '../telemetry/call-telemetry.ts';
import type { GenAiOperation } from '../telemetry/gen-ai.ts';
import type { CallPlace, CallPlaces } from '../upstream/upstream-state.ts';
import { type Books, type Completed, openBooks } from './books.ts';
import type { Estimates, Prompt } from './estimates.ts';
import type { AnswerCache } from './through-cache.ts';

/** What calls of models are made of. */
export interface Gateway {
  configurations: Configurations;
  places: CallPlaces;
  metering: CallMetering;
  exchange: Exchange;
  estimates: Estimates;
  answerCache: AnswerCache;
  /** Settlements of calls that are not over yet. */
  inProgress: Set<Promise<unknown>>;
  channelLimits: Record<'external' | 'internal', ChannelLimits>;
  log: Log;
  telemetry: CallTelemetry;
  promptLog: PromptLog;
}

/** What a caller has left, for the headers of its answer. */
export interface CallLimits {
  requests?: CallPlace['requests'];
  tokens?: ReservedCall['tokens'];
}

/** What every call of a model comes with. */
export interface AskedCall {
  caller: Caller;
  configuration: GatewayConfiguration;
  /** Under which it is metered, see `requestIdOf`. */
  requestId: string;
  /** Aborts when the caller leaves, or the time is over. */
  signal: AbortSignal;
  /** After which it is over in any case. */
  seconds: number;
  /** Is told what the caller has left, as soon as it is known. */
  onLimits(limits: CallLimits): void;
}

/** What is to be reserved for a call: by the texts of its prompt and its answers, or in units of its own. */
type Planned = PlannedCall & (PlannedTexts | { units: PlannedUnits });

interface PlannedCall extends Pick<AskedCall, 'caller' | 'requestId' | 'seconds' | 'onLimits'> {
  route: Route;
  /** As traces name it; `chat` unless given. */
  operation?: GenAiOperation;
}

interface PlannedTexts {
  prompt: Prompt;
  /** Tokens of all its answers at most. */
  output: (target: Target) => number;
}

interface PlannedUnits {
  /** What is held. */
  expected: CallUsage;
  /** What an attempt used, which its upstream has perhaps not counted. */
  complete(report: AttemptReport): Completed;
}

/** A call that may be made now, to the targets whose budgets have room. It must be ended, which counts once. */
export interface AdmittedCall {
  books: Books;
  targets: Target[];
  /** Gives the place back and closes the books, see `Books.close`. */
  end(cached?: Target): Promise<SettledCall | undefined>;
  /** The same once the answer is over. */
  endAfter(answer: WholeAnswer | BegunAnswer): Promise<SettledCall | undefined>;
}

/** After the last moment of an answer, for settling it: until then its reservation stays open. */
const SETTLING_SECONDS = 30;

/**
 * Takes a caller's place among the calls in progress, and holds tokens and money for a call.
 * @throws Problem not-found, organization-suspended, tokens-per-minute-used, budget-exceeded, price-missing, and those of `takePlace`
 */
export async function admitCall(gateway: Gateway, planned: Planned): Promise<AdmittedCall> {
  const place = await takePlace(gateway, planned.caller);
  try {
    const { books, targets, tokens } = await reserveCall(gateway, planned);
    planned.onLimits({ requests: place.requests, tokens });
    return { books, targets, ...endingOf(gateway, place, books) };
  } catch (error) {
    place.release();
    planned.onLimits({ requests: place.requests });
    throw error;
  }
}

/** @throws Problem rate-limited, too-many-calls-at-once */
export const takePlace = (
  { places, channelLimits }: Pick<Gateway, 'places' | 'channelLimits'>,
  { keyId, userId, channel = 'external', gateway: limits = {} }: Caller,
): Promise<CallPlace> =>
  places.take({
    caller: keyId === undefined ? `user ${userId}` : `key ${keyId}`,
    concurrency: limits.concurrency,
    rpm: limits.requestsPerMinute ?? channelLimits[channel].requests,
  });

async function reserveCall(gateway: Gateway, planned: Planned) {
  const { caller, route, requestId, seconds, operation = 'chat' } = planned;
  const targets = route.targets.map(({ target }) => target);
  const { organizationId, userId, keyId, channel = 'external' } = caller;
  const { expected, complete } = 'units' in planned ? planned.units : unitsOf(gateway, planned, targets);
  const reserved = await gateway.metering.reserve({
    ...{ organizationId, userId, keyId: keyId ?? null, channel, tokensPerMinute: caller.gateway?.tokensPerMinute },
    ...{ requestId, action: 'gateway', route: route.name, usage: expected, secondsOpen: seconds + SETTLING_SECONDS },
    targets: targets.map(({ name, price }) => ({ target: name, price })),
  });
  return {
    books: openBooks(gateway, {
      ...{ organizationId, reserved, complete, route: route.name, operation },
      reservedTokens: expected.input + expected.output,
    }),
    targets: targets.filter(({ name }) => reserved.targets.includes(name)),
    tokens: reserved.tokens,
  };
}

/*
 * A stream outlives its request by minutes. What lives as long as the stream is made by functions of its own, since a closure
 * keeps all that any closure of the same function names: the body of the request among it.
 */

function endingOf(
  { inProgress }: Pick<Gateway, 'inProgress'>,
  place: CallPlace,
  books: Books,
): Pick<AdmittedCall, 'end' | 'endAfter'> {
  const end = (cached?: Target) => {
    place.release();
    return books.close(cached);
  };
  return {
    end,
    endAfter(answer) {
      const over = answer.kind === 'begun' ? answer.over : Promise.resolve();
      const settled = over.then(() => end()).finally(() => inProgress.delete(settled));
      inProgress.add(settled);
      return settled;
    },
  };
}

function unitsOf(
  { estimates }: Pick<Gateway, 'estimates'>,
  { prompt, output }: PlannedTexts,
  targets: readonly Target[],
): PlannedUnits {
  return {
    expected: {
      input: Math.max(...targets.map(({ name }) => estimates.input(name, prompt))),
      output: Math.max(...targets.map(output)),
    },
    complete: (report) => estimates.complete(report, prompt),
  };
}
