import type { Database } from '../../../db/client.ts';
import type { ModelPolicy } from '../../../db/schema/commerce/subscription-plans.ts';
import type { Channel } from '../../../db/schema/people/api-keys.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { organizationSuspended } from '../../people/problems.ts';
import { coalesce } from './coalesce.ts';
import { estimateRequest, type TokenRequest } from './estimated-tokens.ts';
import { type Refusal, refusalProblem } from './refusal.ts';

/** Questions of one organization that are admitted together at most. */
const TOGETHER = 64;

export interface AdmissionRequest {
  caller: Pick<Caller, 'organizationId' | 'userId' | 'channel'>;
  /** The same for all attempts at one request, see `requestIdOf`. */
  requestId: string;
  tokens: TokenRequest;
  /** Which model would answer under each policy; its price is reserved. */
  models: Record<ModelPolicy, string>;
  /** After so many whole seconds the reservation expires if no one ended it; longer than the request may take. */
  secondsOpen: number;
}

/** A question that every limit has room for, reserved until it is settled, released or expired. */
export interface Admitted {
  requestId: string;
  /** When and thus in which periods. */
  at: Date;
  plan: {
    tier: string;
    modelPolicy: ModelPolicy;
    maxTokensPerQuestion: number;
    questionsPerDay: number;
    questionsPerMonth: number;
  };
  /** Part of the answer cache's key. */
  documentsVersion: number;
  /** Questions of the day and of the month, this one among them. */
  used: { day: number; month: number };
}

export interface AdmissionSettings {
  /** Tokens that an organization may use in a minute, by channel. */
  tokensPerMinute: Record<Channel, number>;
}

export interface Admission {
  /**
   * Reserves a question and its tokens against every limit at once, or refuses it and takes nothing. Doing it again with the id
   * of a question in work continues with that one.
   * @param at instead of the database's own time
   * @throws Problem not-found, organization-suspended, plan-limit-reached, daily-questions-used, monthly-questions-used,
   *   too-many-questions-at-once, tokens-per-minute-used, price-missing
   */
  admit(request: AdmissionRequest, at?: Date): Promise<Admitted>;
}

/** What the database refuses an organization with. */
const refusals = { 'not-found': notFound, 'organization-suspended': organizationSuspended };
type Outcome = { refused: keyof typeof refusals } | Decisions;
interface Decisions {
  at: string;
  plan: Admitted['plan'];
  documentsVersion: number;
  decisions: { refusal: Refusal | null; day: number; month: number }[];
}

/** Every limit that a question meets is checked in one statement, see `db/functions/admit_questions.sql`. */
export function createAdmission(database: Database, settings: AdmissionSettings): Admission {
  const limits = JSON.stringify(settings.tokensPerMinute);

  const together = coalesce(async (key: string, requests: AdmissionRequest[]) => {
    const [organizationId = '', secondsOpen = '', at = ''] = key.split(' ');
    const [row] = await database.statement<{ outcome: Outcome }>(
      'select admit_questions($1, $2, $3, $4, $5) as outcome',
      [organizationId, JSON.stringify(requests.map(toRow)), limits, secondsOpen, at || null],
    );
    const outcome = row?.outcome as Outcome;
    return requests.map((request, index) => decide(request, outcome, index));
  }, TOGETHER);

  return {
    async admit(request, at) {
      const key = [request.caller.organizationId, request.secondsOpen, at?.toISOString() ?? ''].join(' ');
      const decided = await together(key, request);
      if (decided instanceof Problem) throw decided;
      return decided;
    },
  };
}

const toRow = ({ caller, requestId, tokens, models }: AdmissionRequest) => ({
  id: requestId,
  person: caller.userId,
  channel: caller.channel ?? 'external',
  models,
  ...estimateRequest(tokens),
});

function decide({ requestId }: AdmissionRequest, outcome: Outcome, index: number): Admitted | Problem {
  if ('refused' in outcome) return new Problem(refusals[outcome.refused]);
  const { plan, documentsVersion } = outcome;
  const { refusal, ...used } = outcome.decisions[index] as Decisions['decisions'][number];
  const at = new Date(outcome.at);
  if (refusal) return refusalProblem(refusal, plan.tier, at);
  return { requestId, at, plan, documentsVersion, used };
}
