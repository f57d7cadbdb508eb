import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { questionCounters } from '../../../db/schema/question-counters.ts';
import { Problem } from '../../kernel/problem.ts';
import { lockPlan, type Plan } from './plan.ts';

type Period = 'day' | 'month';

/** The periods a question was admitted in; it is given back to these even when it ends after midnight. */
export interface QuestionReservation {
  day: string;
  month: string;
}

/** First day of the day and of the month of `at`, in UTC: `2026-03-31`, `2026-03-01`. */
export function periodsAt(at: Date): QuestionReservation {
  const day = at.toISOString().slice(0, 10);
  return { day, month: `${day.slice(0, 7)}-01` };
}

/** Seconds until the period that `at` lies in is over. */
export function secondsLeft(period: Period, at: Date): number {
  const end =
    period === 'day'
      ? Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1)
      : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  return Math.ceil((end - at.getTime()) / 1000);
}

/**
 * Counts one question against the day and the month, or against neither. The organization's row is locked for the
 * moment, so with k questions left exactly k of any number of parallel requests get through.
 * @throws Problem daily-questions-used, monthly-questions-used
 */
export async function reserveQuestion(
  tx: Transaction,
  organizationId: string,
  at: Date,
): Promise<{ plan: Plan; reservation: QuestionReservation }> {
  const plan = await lockPlan(tx, organizationId);
  const reservation = periodsAt(at);
  const used = await usedQuestions(tx, organizationId, reservation);
  if (used.day >= plan.questionsPerDay) throw quotaProblem('day', plan.questionsPerDay, at);
  if (used.month >= plan.questionsPerMonth) throw quotaProblem('month', plan.questionsPerMonth, at);
  for (const period of ['day', 'month'] as const) {
    await tx
      .insert(questionCounters)
      .values({ organizationId, period, start: reservation[period], used: 1 })
      .onConflictDoUpdate({
        target: [questionCounters.organizationId, questionCounters.period, questionCounters.start],
        set: { used: sql`${questionCounters.used} + 1` },
      });
  }
  return { plan, reservation };
}

/** Gives a question back that got no answer. */
export async function releaseQuestion(
  tx: Transaction,
  organizationId: string,
  reservation: QuestionReservation,
): Promise<void> {
  for (const period of ['day', 'month'] as const) {
    await tx
      .update(questionCounters)
      .set({ used: sql`greatest(${questionCounters.used} - 1, 0)` })
      .where(
        and(
          eq(questionCounters.organizationId, organizationId),
          eq(questionCounters.period, period),
          eq(questionCounters.start, reservation[period]),
        ),
      );
  }
}

export interface QuestionUse {
  day: { used: number; limit: number; resetSeconds: number };
  month: { used: number; limit: number; resetSeconds: number };
}

/** What is used and what the plan allows at this moment. */
export async function questionUse(tx: Transaction, organizationId: string, plan: Plan, at: Date): Promise<QuestionUse> {
  const used = await usedQuestions(tx, organizationId, periodsAt(at));
  return {
    day: { used: used.day, limit: plan.questionsPerDay, resetSeconds: secondsLeft('day', at) },
    month: { used: used.month, limit: plan.questionsPerMonth, resetSeconds: secondsLeft('month', at) },
  };
}

async function usedQuestions(tx: Transaction, organizationId: string, periods: QuestionReservation) {
  const rows = await tx
    .select()
    .from(questionCounters)
    .where(
      and(
        eq(questionCounters.organizationId, organizationId),
        sql`(${questionCounters.period}, ${questionCounters.start}) in (('day', ${periods.day}::date), ('month', ${periods.month}::date))`,
      ),
    );
  const used = (period: Period) => rows.find((row) => row.period === period)?.used ?? 0;
  return { day: used('day'), month: used('month') };
}

function quotaProblem(period: Period, limit: number, at: Date): Problem {
  const seconds = secondsLeft(period, at);
  return new Problem(period === 'day' ? 'daily-questions-used' : 'monthly-questions-used', {
    parameters: { limit, resetSeconds: seconds },
    headers: { 'retry-after': String(seconds) },
  });
}
