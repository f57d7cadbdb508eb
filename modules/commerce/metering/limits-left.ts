import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Transaction } from '../../../db/client.ts';
import { organizationPlans } from '../../../db/schema/commerce/organization-plans.ts';
import type { Channel } from '../../../db/schema/people/api-keys.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { countedDocument } from './document-quota.ts';
import { type UnitKey, type UnitLimit, unitLimits } from './units.ts';

/** What the plan allows at a moment, and what of it is used. */
export interface LimitsLeft {
  tier: string;
  /** In the order of `unitLimits`. */
  units: (Use & Pick<UnitLimit, 'unit' | 'name' | 'period'>)[];
  concurrent: Use;
  /** Tokens used in this minute. */
  minuteTokens: number;
  credits: number;
  fileBytes: number;
  tokensPerQuestion: number;
}

export interface Use {
  used: number;
  limit: number;
}

/** How much of a unit an organization `o` uses, in the period of a moment or as it is held now. */
const used: Record<UnitKey, (period: UnitLimit['period'], moment: SQL) => SQL> = {
  question: (period, moment) => sql`select c.used from question_counters c
    where c.organization_id = o.id and period = ${period} and start = date_trunc(${period}, ${moment} at time zone 'UTC')::date`,
  document: () => sql`select count(*) from documents d where d.organization_id = o.id and ${countedDocument}`,
  byte: () => sql`o.storage_used`,
  user: () => sql`select count(*) from users u where u.organization_id = o.id`,
};

/** Every limit of an organization in one statement. @throws Problem not-found */
export async function limitsLeft(
  tx: Transaction,
  organizationId: string,
  channel: Channel,
  at: Date,
): Promise<LimitsLeft> {
  const moment = sql`${at.toISOString()}::timestamptz`;
  const use = (count: SQL, limit: AnyPgColumn) =>
    sql`json_build_object('used', coalesce((${count}), 0), 'limit', ${limit})`;
  const uses = unitLimits.map(({ unit, period, figure }) => use(used[unit](period, moment), organizationPlans[figure]));
  const [row] = await tx.execute<{ limits: LimitsLeft }>(sql`
    select json_build_object(
      'tier', ${organizationPlans.tier},
      'units', json_build_array(${sql.join(uses, sql`, `)}),
      'concurrent', ${use(
        sql`select count(*) from usage_reservations r
          where r.organization_id = o.id and state in ('reserved', 'started') and expires_at > ${moment}`,
        organizationPlans.concurrentQuestions,
      )},
      'minuteTokens', coalesce((select tokens from token_counters t
        where t.organization_id = o.id and channel = ${channel} and minute = date_trunc('minute', ${moment}, 'UTC')), 0),
      'credits', o.question_credits,
      'fileBytes', ${organizationPlans.fileBytes},
      'tokensPerQuestion', ${organizationPlans.maxTokensPerQuestion}) as limits
    from organizations o join ${organizationPlans} on ${organizationPlans.organizationId} = o.id
    where o.id = ${organizationId}`);
  if (!row) throw new Problem(notFound);
  return {
    ...row.limits,
    units: unitLimits.map(({ figure, ...limit }, index) => ({ ...limit, ...(row.limits.units[index] as Use) })),
  };
}
