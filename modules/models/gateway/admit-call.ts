import type { Log } from '../../../platform/kernel/log.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { CallMetering, CallUsage, ReservedCall } from '../../commerce/metering/calls/contract.ts';
import type { ChannelLimits } from '../../commerce/metering/provide-channel-limits.ts';
import type { Configurations } from '../configuration/contract.ts';
import type { PromptLog } from '../prompts/prompt-log.ts';
import type { AttemptReport, Exchange } from '../routing/contract.ts';
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

/** Takes a caller's place among the calls in progress. @throws Problem rate-limited, too-many-calls-at-once */
export const takePlace = (
  { places, channelLimits }: Pick<Gateway, 'places' | 'channelLimits'>,
  { keyId, userId, channel = 'external', gateway: limits = {} }: Caller,
): Promise<CallPlace> =>
  places.take({
    caller: keyId === undefined ? `user ${userId}` : `key ${keyId}`,
    concurrency: limits.concurrency,
    rpm: limits.requestsPerMinute ?? channelLimits[channel].requests,
  });

/** What is to be reserved for a call: by the texts of its prompt and its answers, or in units of its own. */
export type Planned = PlannedCall & (PlannedTexts | { units: PlannedUnits });

interface PlannedCall {
  caller: Caller;
  route: Route;
  requestId: string;
  secondsOpen: number;
  /** As traces name it; `chat` unless given. */
  operation?: GenAiOperation;
}

interface PlannedTexts {
  prompt: Prompt;
  /** Tokens of all its answers at most. */
  output: (target: Target) => number;
}

export interface PlannedUnits {
  /** What is held. */
  expected: CallUsage;
  /** What an attempt used, which its upstream has perhaps not counted. */
  complete(report: AttemptReport): Completed;
}

/** A call that may be made now, to the targets whose budgets have room. */
export interface ReservedCalls {
  books: Books;
  targets: Target[];
  tokens: ReservedCall['tokens'];
}

/**
 * Holds tokens and money for a call.
 * @throws Problem not-found, organization-suspended, tokens-per-minute-used, budget-exceeded, price-missing
 */
export async function reserveCall(gateway: Gateway, planned: Planned): Promise<ReservedCalls> {
  const { caller, route, requestId, secondsOpen, operation = 'chat' } = planned;
  const targets = route.targets.map(({ target }) => target);
  const { organizationId, userId, keyId, channel = 'external' } = caller;
  const { expected, complete } = 'units' in planned ? planned.units : unitsOf(gateway, planned, targets);
  const reserved = await gateway.metering.reserve({
    ...{ organizationId, userId, keyId: keyId ?? null, channel, tokensPerMinute: caller.gateway?.tokensPerMinute },
    ...{ requestId, action: 'gateway', route: route.name, usage: expected, secondsOpen },
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
