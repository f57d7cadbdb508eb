import type { Channel } from '../../../../db/schema/people/api-keys.ts';

/** What is billed of a call, whole and not negative; `input` and `output` hold the parts that are priced apart. */
export interface CallUsage {
  input: number;
  cached?: number;
  cacheWrite?: number;
  output: number;
  reasoning?: number;
  images?: number;
  /** Of audio. */
  seconds?: number;
  /** What is priced as requests, such as searches of a rerank; 1 unless given. */
  requests?: number;
}

/** A target that a call may be put to. */
export interface CallTarget {
  /** Name of the target: budgets of the scope `model` name it. */
  target: string;
  /** Name of its price. */
  price: string;
}

/** What a call may cost at most, before it is made. */
export interface CallReservation {
  organizationId: string;
  userId: string | null;
  /** The key that asked; null for a person. */
  keyId: string | null;
  channel: Channel;
  /** Tokens a minute of this key; undefined for those of the channel alone. */
  tokensPerMinute?: number | undefined;
  /** The same for all attempts at one request, see `requestIdOf`. */
  requestId: string;
  /** `gateway` for `/v1`, as usage is written down. */
  action: string;
  route: string;
  /** In the order in which they would be asked; the price of the dearest is held. */
  targets: readonly CallTarget[];
  usage: CallUsage;
  /** After so many whole seconds it is charged as if it had gone through. */
  secondsOpen: number;
}

export interface ReservedCall {
  requestId: string;
  /** Of the targets, those whose budgets have room; never empty. */
  targets: readonly string[];
  /** Tokens left of this minute, of the key or of the channel, whichever is fewer. */
  tokens: { limit: number; remaining: number; resetMs: number };
}

/** One call of an upstream. */
export interface CallAttempt {
  /** From 1. */
  attempt: number;
  /** `broken`: cut off after it began, what came is charged; `failed`: nothing came of it. */
  outcome: 'done' | 'broken' | 'failed';
  target: string;
  price: string;
  usage: CallUsage;
  /** Our own estimate: the upstream did not say. */
  isEstimated: boolean;
  /** The upstream's status; undefined without an answer. */
  status?: number | undefined;
  /** Milliseconds to the first content, and in all. */
  firstMs?: number | undefined;
  ms: number;
}

export interface EndedCall {
  organizationId: string;
  requestId: string;
  /** `released`: nothing came of any attempt. `cached`: answered without an upstream. */
  ending: 'settled' | 'released' | 'cached';
  attempts: readonly CallAttempt[];
}

/** The cost of an ended call in roubles, exact, as text; by attempt. */
export interface SettledCall {
  cost: string;
}

export interface CallMetering {
  /**
   * Holds tokens and money of a call against the limits of its channel and key and against every budget of key, organization and model, or
   * refuses it and takes nothing. Calls of one organization at the same time go in one statement. The upstream follows at once: a process
   * that dies leaves it to be charged with what was held.
   * @throws Problem not-found, organization-suspended, tokens-per-minute-used, budget-exceeded (with the reset), price-missing
   */
  reserve(call: CallReservation): Promise<ReservedCall>;
  /** Charges what was used and gives the rest back; written down at once in this process, in the database within some milliseconds. */
  settle(call: EndedCall): Promise<SettledCall>;
  /** Resolves when all that ended is in the database. */
  flush(): Promise<void>;
}
