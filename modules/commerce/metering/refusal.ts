import { Problem, type ProblemDefinition } from '../../../platform/kernel/problem.ts';
import {
  dailyQuestionsUsed,
  monthlyQuestionsUsed,
  planLimitReached,
  priceMissing,
  tokensPerMinuteUsed,
  tooManyQuestionsAtOnce,
} from '../problems.ts';
import { endOf, type Period, secondsLeft } from './periods.ts';

/** Why a question was not admitted; nothing was taken for it. */
export interface Refusal {
  /**
   * `question` and `prompt` are too long by themselves; `day`, `month` and `minute` are used up; `concurrent`: too many in work;
   * `price`: the model's is not known.
   */
  what: 'question' | 'prompt' | Period | 'concurrent' | 'price';
  limit: number;
  used: number;
  /** The first tier above that allows more. */
  next: NextTier | null;
}

export interface NextTier {
  tier: string;
  limit: number;
}

/** A place among the questions in work is free as soon as one of them ends, which mostly takes seconds. */
const CONCURRENT_SECONDS = 2;

const usedUp = {
  day: dailyQuestionsUsed,
  month: monthlyQuestionsUsed,
  minute: tokensPerMinuteUsed,
} satisfies Record<Period, ProblemDefinition>;

/** What a client is told: which limit, when it resets, and what the next tier allows. @param at when it was refused */
export function refusalProblem({ what, limit, used, next }: Refusal, tier: string, at: Date): Problem {
  const figures = { limit, used, ...nextTierParameters(next) };
  if (what === 'price') return new Problem(priceMissing, { headers: { 'retry-after': '60' } });
  if (what === 'question' || what === 'prompt') {
    return new Problem(planLimitReached, { parameters: { tier, what: 'tokens', ...figures } });
  }
  const seconds = what === 'concurrent' ? CONCURRENT_SECONDS : secondsLeft(what, at);
  const reset = what === 'concurrent' ? new Date(at.getTime() + seconds * 1000) : endOf(what, at);
  const definition = what === 'concurrent' ? tooManyQuestionsAtOnce : usedUp[what];
  const named = definition.type.replace('-used', '');
  const window = { day: `;w=${24 * 3600}`, month: '', minute: ';w=60', concurrent: '' }[what];
  return new Problem(definition, {
    parameters: { what, ...figures, resetSeconds: seconds, resetAt: reset.toISOString() },
    headers: {
      'retry-after': String(seconds),
      'ratelimit-policy': `"${named}";q=${limit}${window}`,
      ratelimit: `"${named}";r=${Math.max(limit - used, 0)};t=${seconds}`,
    },
  });
}

export const nextTierParameters = (next: NextTier | null): { nextTier?: string; nextTierLimit?: number } =>
  next ? { nextTier: next.tier, nextTierLimit: next.limit } : {};
