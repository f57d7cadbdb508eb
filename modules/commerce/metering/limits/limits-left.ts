import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { organizationPlans } from '../../../../db/schema/commerce/organization-plans.ts';
import type { Channel } from '../../../../db/schema/people/api-keys.ts';
import { prepareStatement } from '../../../../db/statements/prepared-statement.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import { type UnitLimit, unitLimits } from '../units.ts';
import { countedDocument } from './document-quota.ts';

/** What the plan allows at a moment, and what of it is used. */
export interface LimitsLeft {
  tier: string;
  /** In the order of `unitLimits`; what does not limit the organization is left out. */
  units: (Use & UnitLimit)[];
  /** Questions in progress. */
  concurrent: Use;
  /** Tokens used in this minute. */
  minuteTokens: number;
  /** Units that were bought or given on top, by unit. */
  credits: Record<string, number>;
  fileBytes: number;
  tokensPerQuestion: number;
}

export interface Use {
  used: number;
  limit: number;
}

/** How much of a unit that is held at any moment an organization `o` has. */
const held: Record<string, SQL> = {
  document: sql`(select count(*) from documents d where d.organization_id = o.id and ${countedDocument})`,
  byte: sql`o.storage_used`,
  user: sql`(select count(*) from users u where u.organization_id = o.id)`,
};

/** What the statement answers; limits are named `unit period`, as rows call the period, and what is held has nothing used. */
interface LimitsRow extends Omit<LimitsLeft, 'units' | 'concurrent'> {
  limits: Record<string, Use>;
  held: Record<string, number>;
  inProgress: number;
}

/** Every limit of an organization in one statement. @throws Problem not-found */
export type ReadLimits = (organizationId: string, channel: Channel, at: Date) => Promise<LimitsLeft>;

export function createLimitsReader(database: Pick<Database, 'tenantStatement'>): ReadLimits {
  const all = unitLimits();
  for (const { unit, period } of all) {
    if (!period && !held[unit]) throw new Error(`Count unit "${unit}": it is held, and nothing says how much`);
  }
  const { text, fill } = prepareStatement(limitsStatement());
  return async (organizationId, channel, at) => {
    const [row] = await database.tenantStatement<{ found: LimitsRow }>(
      organizationId,
      text,
      fill({ organizationId, channel, at: at.toISOString() }),
    );
    if (!row) throw new Problem(notFound);
    const { limits, held: holds, inProgress, ...others } = row.found;
    const units = all.flatMap(({ row: period, ...limit }) => {
      const found = limits[`${limit.unit} ${period}`];
      return found ? [{ ...limit, ...found, used: holds[limit.unit] ?? found.used }] : [];
    });
    return { ...others, units, concurrent: { used: inProgress, limit: limits['question concurrent']?.limit ?? 0 } };
  };
}

/** Each table is read once: what a statement costs the database is starting it, and then each of its parts. */
function limitsStatement(): SQL {
  const organization = sql`${sql.placeholder('organizationId')}::uuid`;
  const moment = sql`${sql.placeholder('at')}::timestamptz`;
  const holds = Object.entries(held).flatMap(([unit, count]) => [sql.raw(`'${unit}'`), count]);
  return sql`
    select json_build_object(
      'tier', ${organizationPlans.tier},
      'limits', coalesce((
        select json_object_agg(l.unit || ' ' || l.period, json_build_object('used', coalesce(c.used, 0), 'limit', l.amount))
        from limits_of(${organization}, ${organization}, ${moment}) l
        left join usage_counters c on c.organization_id = ${organization} and c.owner_id = ${organization}
          and c.unit = l.unit and c.period = l.period and c.start = case l.period
            when 'day' then date_trunc('day', ${moment} at time zone 'UTC')
            when 'month' then date_trunc('month', ${moment} at time zone 'UTC') end::date), '{}'),
      'held', json_build_object(${sql.join(holds, sql`, `)}),
      'inProgress', (select count(*) from usage_reservations r
        where r.organization_id = o.id and state in ('reserved', 'started') and expires_at > ${moment} and amounts ? 'question'),
      'minuteTokens', coalesce((select tokens from token_counters t
        where t.organization_id = o.id and channel = ${sql.placeholder('channel')}
          and minute = date_trunc('minute', ${moment}, 'UTC')), 0),
      'credits', coalesce((select json_object_agg(unit, amount) from (
        select c.unit, sum(c.amount) as amount from unit_credits c
        where c.organization_id = o.id and c.owner_id = o.id and c.expires_at > ${moment} and c.amount > 0 group by 1) c), '{}'),
      'fileBytes', ${organizationPlans.fileBytes},
      'tokensPerQuestion', ${organizationPlans.maxTokensPerQuestion}) as found
    from organizations o join ${organizationPlans} on ${organizationPlans.organizationId} = o.id
    where o.id = ${organization}`;
}
