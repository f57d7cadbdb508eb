import type { Database } from '../../../db/client.ts';
import type { ModelPolicy } from '../../../db/schema/commerce/subscription-plans.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { CallTarget } from './calls/contract.ts';
import { estimateRequest, type TokenRequest } from './estimated-tokens.ts';
import { createMetering, type MeteringSettings, type Reserved } from './metering.ts';

export interface AdmissionRequest {
  caller: Pick<Caller, 'organizationId' | 'userId' | 'keyId' | 'channel'>;
  /** The same for all attempts at one request, see `requestIdOf`. */
  requestId: string;
  tokens: TokenRequest;
  /** Which models may answer under each policy; the price of the dearest is reserved. */
  models: Record<ModelPolicy, readonly CallTarget[]>;
  /** After so many whole seconds the reservation expires if no one ended it; longer than the request may take. */
  secondsOpen: number;
}

/** A question that every limit has room for, reserved until it is settled, released or expired. */
export interface Admitted {
  requestId: string;
  /** When and thus in which periods. */
  at: Date;
  plan: Reserved['plan'] & { questionsPerDay: number; questionsPerMonth: number };
  /** Part of the answer cache's key. */
  documentsVersion: number;
  /** Questions of the day and of the month, this one among them. */
  used: { day: number; month: number };
  /** Of the models, those that have a price and that budgets have room for. */
  targets: readonly string[];
}

export interface Admission {
  /**
   * Reserves a question, its tokens and what it may cost against every limit and budget at once, see `Metering.reserve`.
   * @param at instead of the database's own time
   * @throws Problem those of `Metering.reserve`
   */
  admit(request: AdmissionRequest, at?: Date): Promise<Admitted>;
}

/** Metering of questions: one question and the tokens of its answer for each request. */
export function createAdmission(database: Database, settings: MeteringSettings): Admission {
  const metering = createMetering(database, settings);
  return {
    async admit({ caller, requestId, tokens, models, secondsOpen }, at) {
      const { organizationId, userId, keyId, channel = 'external' } = caller;
      const model = { channel, models, ...estimateRequest(tokens) };
      const reserved = await metering.reserve(
        {
          ...{ owner: { organizationId }, userId, keyId, requestId, model, secondsOpen },
          ...{ action: 'ai_query', amounts: { question: 1 } },
        },
        at,
      );
      const { units, plan, ...rest } = reserved;
      const [{ day, month }] = units as [Reserved['units'][number]];
      const limits = { questionsPerDay: day.limit ?? NO_LIMIT, questionsPerMonth: month.limit ?? NO_LIMIT };
      return { ...rest, plan: { ...plan, ...limits }, used: { day: day.used, month: month.used } };
    },
  };
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
