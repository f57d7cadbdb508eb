import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import type { Channel } from '../../../db/schema/people/api-keys.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { countedDocument } from './document-quota.ts';

/** What the plan allows at a moment, and what of it is used. */
export interface LimitsLeft {
  tier: string;
  day: Use;
  month: Use;
  concurrent: Use;
  documents: Use;
  storageBytes: Use;
  users: Use;
  /** Tokens used in this minute. */
  minuteTokens: number;
  credits: number;
  fileBytes: number;
  tokensPerQuestion: number;
}

interface Use {
  used: number;
  limit: number;
}

/** Every limit of an organization in one statement. @throws Problem not-found */
export async function limitsLeft(
  tx: Transaction,
  organizationId: string,
  channel: Channel,
  at: Date,
): Promise<LimitsLeft> {
  const moment = sql`${at.toISOString()}::timestamptz`;
  const use = (used: ReturnType<typeof sql>, limit: string) =>
    sql`json_build_object('used', coalesce((${used}), 0), 'limit', ${sql.raw(`p.${limit}`)})`;
  const questions = (period: 'day' | 'month') => sql`
    select used from question_counters c
    where c.organization_id = o.id and period = ${period} and start = date_trunc(${period}, ${moment} at time zone 'UTC')::date`;
  const [row] = await tx.execute<{ limits: LimitsLeft }>(sql`
    select json_build_object(
      'tier', p.tier,
      'day', ${use(questions('day'), 'questions_per_day')},
      'month', ${use(questions('month'), 'questions_per_month')},
      'concurrent', ${use(
        sql`select count(*) from usage_reservations r
          where r.organization_id = o.id and state in ('reserved', 'started') and expires_at > ${moment}`,
        'concurrent_questions',
      )},
      'documents', ${use(sql`select count(*) from documents d where d.organization_id = o.id and ${countedDocument}`, 'documents')},
      'storageBytes', ${use(sql`o.storage_used`, 'storage_bytes')},
      'users', ${use(sql`select count(*) from users u where u.organization_id = o.id`, 'users')},
      'minuteTokens', coalesce((select tokens from token_counters t
        where t.organization_id = o.id and channel = ${channel} and minute = date_trunc('minute', ${moment}, 'UTC')), 0),
      'credits', o.question_credits,
      'fileBytes', p.file_bytes,
      'tokensPerQuestion', p.max_tokens_per_question) as limits
    from organizations o join organization_plans p on p.organization_id = o.id
    where o.id = ${organizationId}`);
  if (!row) throw new Problem('not-found');
  return row.limits;
}
