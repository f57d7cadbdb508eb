import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { prepareStatement } from '../../../../db/prepared-statement.ts';
import { organizationPlans } from '../../../../db/schema/commerce/organization-plans.ts';
import type { Channel } from '../../../../db/schema/people/api-keys.ts';
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
  document: sql`select count(*) from documents d where d.organization_id = o.id and ${countedDocument}`,
  byte: sql`select o.storage_used`,
  user: sql`select count(*) from users u where u.organization_id = o.id`,
};

/** How much of a unit an organization `o` uses, in the period of a moment or as it is held now. */
function usedOf({ unit, period }: UnitLimit, moment: SQL): SQL {
  const count = held[unit];
  if (period === undefined && !count) throw new Error(`Count unit "${unit}": it is held, and nothing says how much`);
  if (period === undefined) return count as SQL;
  return sql`select c.used from usage_counters c
    where c.organization_id = o.id and c.owner_id = o.id and c.unit = ${unit} and c.period = ${period}
      and c.start = date_trunc(${period}, ${moment} at time zone 'UTC')::date`;
}

/** Every limit of an organization in one statement. @throws Problem not-found */
export type ReadLimits = (organizationId: string, channel: Channel, at: Date) => Promise<LimitsLeft>;

export function createLimitsReader(database: Pick<Database, 'tenantStatement'>): ReadLimits {
  const all = unitLimits();
  const { text, fill } = prepareStatement(limitsStatement(all));
  return async (organizationId, channel, at) => {
    const [row] = await database.tenantStatement<{ limits: Omit<LimitsLeft, 'units'> & { units: (Use | null)[] } }>(
      organizationId,
      text,
      fill({ organizationId, channel, at: at.toISOString() }),
    );
    if (!row) throw new Problem(notFound);
    const units = all.flatMap(({ row: _, ...limit }, index) => {
      const found = row.limits.units[index];
      return found ? [{ ...limit, ...found }] : [];
    });
    return { ...row.limits, units };
  };
}

function limitsStatement(all: ReturnType<typeof unitLimits>): SQL {
  const organization = sql`${sql.placeholder('organizationId')}::uuid`;
  const moment = sql`${sql.placeholder('at')}::timestamptz`;
  const use = (count: SQL, unit: string, period: string) => sql`(
    select json_build_object('used', coalesce((${count}), 0), 'limit', l.amount)
    from limits l where l.unit = ${unit} and l.period = ${period})`;
  const uses = all.map((limit) => use(usedOf(limit, moment), limit.unit, limit.row));
  return sql`
    with limits as (select * from limits_of(${organization}, ${organization}, ${moment}))
    select json_build_object(
      'tier', ${organizationPlans.tier},
      'units', json_build_array(${sql.join(uses, sql`, `)}),
      'concurrent', ${use(
        sql`select count(*) from usage_reservations r
          where r.organization_id = o.id and state in ('reserved', 'started') and expires_at > ${moment} and amounts ? 'question'`,
        'question',
        'concurrent',
      )},
      'minuteTokens', coalesce((select tokens from token_counters t
        where t.organization_id = o.id and channel = ${sql.placeholder('channel')}
          and minute = date_trunc('minute', ${moment}, 'UTC')), 0),
      'credits', coalesce((select json_object_agg(unit, amount) from (
        select c.unit, sum(c.amount) as amount from unit_credits c
        where c.organization_id = o.id and c.owner_id = o.id and c.expires_at > ${moment} and c.amount > 0 group by 1) c), '{}'),
      'fileBytes', ${organizationPlans.fileBytes},
      'tokensPerQuestion', ${organizationPlans.maxTokensPerQuestion}) as limits
    from organizations o join ${organizationPlans} on ${organizationPlans.organizationId} = o.id
    where o.id = ${organization}`;
}
