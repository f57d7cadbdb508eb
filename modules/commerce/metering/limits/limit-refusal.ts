import { unitOf } from '../../../../db/units.ts';
import { Problem, type ProblemDefinition, type ProblemParameters } from '../../../../platform/kernel/problem.ts';
import {
  dailyQuestionsUsed,
  monthlyQuestionsUsed,
  planLimitReached,
  priceMissing,
  tokensPerMinuteUsed,
  tooManyAtOnce,
  tooManyQuestionsAtOnce,
  unitsUsed,
  walletEmpty,
} from '../../problems.ts';
import { endOf, type Period, secondsLeft } from '../periods.ts';
import { amountOf, manyOf } from '../unit-words.ts';

/** Why a request was not admitted; nothing was taken for it. */
export interface Refusal {
  /**
   * `question` and `prompt` are too long by themselves; `day`, `month` and `minute` are used up; `concurrent`: too many in progress;
   * `price`: the model's is not known.
   */
  what: 'question' | 'prompt' | Period | 'concurrent' | 'price';
  /** Of which a limit is reached; missing for tokens. */
  unit?: string;
  /** Whether the limit is that of the wallet. */
  wallet?: true;
  /** ISO 8601: when the limit of a wallet resets, in its time zone. */
  reset?: string | null;
  limit: number;
  used: number;
  /** The first tier above that allows more. */
  next?: NextTier | null;
}

export interface NextTier {
  tier: string;
  limit: number;
}

/** A place among the requests in progress is free as soon as one of them ends, which mostly takes seconds. */
const CONCURRENT_SECONDS = 2;

interface Named {
  definition: ProblemDefinition;
  /** The limit's name in the `RateLimit` headers. */
  policy: string;
  parameters?: ProblemParameters;
}

/** Questions have problems of their own, which name the same as the general ones. */
const ofQuestions = {
  day: dailyQuestionsUsed,
  month: monthlyQuestionsUsed,
  concurrent: tooManyQuestionsAtOnce,
};
const everyPeriod = { day: 'daily', month: 'monthly' };

function name({ what, unit, wallet, limit }: Refusal & { what: Period | 'concurrent' }): Named {
  if (what === 'minute' || unit === undefined) return { definition: tokensPerMinuteUsed, policy: 'tokens-per-minute' };
  const { code } = unitOf(unit);
  const policy = what === 'concurrent' ? `too-many-${code}-at-once` : `${everyPeriod[what]}-${code}`;
  if (unit === 'question' && !wallet) return { definition: ofQuestions[what], policy };
  const allowed = amountOf(unit, limit, what === 'concurrent' ? undefined : what);
  if (what === 'concurrent') return { definition: tooManyAtOnce, policy, parameters: { unit, allowed } };
  if (wallet) return { definition: walletEmpty, policy, parameters: { unit, units: manyOf(unit) } };
  return { definition: unitsUsed, policy, parameters: { unit, allowed } };
}

/** What a client is told: which limit, when it resets, and what the next tier allows. @param at when it was refused */
export function refusalProblem(refusal: Refusal, tier: string, at: Date): Problem {
  const { what, limit, used, next } = refusal;
  const figures = { limit, used, ...nextTierParameters(next) };
  if (what === 'price') return new Problem(priceMissing, { headers: { 'retry-after': '60' } });
  if (what === 'question' || what === 'prompt') {
    return new Problem(planLimitReached, { parameters: { tier, what: 'tokens', ...figures } });
  }
  const { definition, policy, parameters } = name({ ...refusal, what });
  const { seconds, reset } = whenAgain({ ...refusal, what }, at);
  const window = { day: `;w=${24 * 3600}`, month: '', minute: ';w=60', concurrent: '' }[what];
  return new Problem(definition, {
    parameters: { what, ...parameters, ...figures, resetSeconds: seconds, resetAt: reset.toISOString() },
    headers: {
      'retry-after': String(seconds),
      'ratelimit-policy': `"${policy}";q=${limit}${window}`,
      ratelimit: `"${policy}";r=${Math.max(limit - used, 0)};t=${seconds}`,
    },
  });
}

function whenAgain(
  { what, reset }: Refusal & { what: Period | 'concurrent' },
  at: Date,
): { seconds: number; reset: Date } {
  if (what === 'concurrent') {
    return { seconds: CONCURRENT_SECONDS, reset: new Date(at.getTime() + CONCURRENT_SECONDS * 1000) };
  }
  if (!reset) return { seconds: secondsLeft(what, at), reset: endOf(what, at) };
  const then = new Date(reset);
  return { seconds: Math.ceil((then.getTime() - at.getTime()) / 1000), reset: then };
}

export const nextTierParameters = (next?: NextTier | null): { nextTier?: string; nextTierLimit?: number } =>
  next ? { nextTier: next.tier, nextTierLimit: next.limit } : {};
