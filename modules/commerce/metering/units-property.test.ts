import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../platform/kernel/problem.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { addUnits } from '../../testing/more-units.ts';
import { testOrganization } from '../../testing/organization.ts';
import { expireUnits } from './expire-units.ts';
import { createMetering, releaseUnits, settleUnits } from './metering.ts';

addUnits();
const database = await testDatabase();
afterAll(() => database.close());

const metering = createMetering(database.tenant, { tokensPerMinute: { external: 0, internal: 0 } });
const LIMIT = 6;
const CREDITS = 4;
const step = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'start', 'settle', 'release', 'expire'),
  request: fc.integer({ min: 0, max: 4 }),
  amounts: fc.record({ drawing: fc.integer({ min: 1, max: 5 }), token: fc.integer({ min: 1, max: 5 }) }),
  seconds: fc.integer({ min: 0, max: 60 }),
});

describe('any order of reserving, settling, releasing and dying, by a wallet', () => {
  it('counts or takes as credits exactly what is held or was used, of both owners, and never more than there is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const sql = database.owner;
        const { id } = await testOrganization(database);
        const [wallet] =
          await sql`insert into wallets (organization_id, kind, reference) values (${id}, 'bot-user', '1') returning id`;
        for (const owner of [id, wallet?.id]) {
          for (const unit of ['drawing', 'token']) {
            await sql`insert into owner_limits (organization_id, owner_id, unit, period, amount) values (${id}, ${owner}, ${unit}, 'month', ${LIMIT})`;
            await sql`insert into unit_credits (organization_id, owner_id, unit, amount) values (${id}, ${owner}, ${unit}, ${CREDITS})`;
          }
        }
        const ids = Array.from({ length: 5 }, () => crypto.randomUUID());
        const known = new Set<string>();
        let at = Date.UTC(2026, 1, 10);
        for (const { kind, request, amounts, seconds } of steps) {
          at += seconds * 1000;
          const requestId = ids[request] as string;
          if (kind === 'reserve') {
            const owner = { organizationId: id, walletId: wallet?.id };
            await metering
              .reserve({ owner, userId: null, requestId, action: 'drawing', amounts, secondsOpen: 90 }, new Date(at))
              .then(() => known.add(requestId))
              .catch((error: unknown) => expect(error).toBeInstanceOf(Problem));
          } else if (kind === 'expire') await expireUnits(database.platform, new Date(at));
          else if (!known.has(requestId)) continue;
          else if (kind === 'start') await metering.start(id, requestId);
          else {
            // Never more than was reserved, so that limits hold; half of the time less.
            const used = seconds % 2 === 0 ? undefined : { amounts: { drawing: 1, token: 1 } };
            await database.tenant.tenant(id, (tx) =>
              kind === 'settle' ? settleUnits(tx, id, requestId, used) : releaseUnits(tx, id, requestId),
            );
          }
        }
        const rows = await sql`
          select c.unit, c.amount::int as left, coalesce(u.used, 0)::int as used,
            coalesce((select sum((amounts ->> c.unit)::int) from usage_reservations r
              where r.organization_id = ${id} and state in ('reserved', 'started', 'settled')), 0)::int as held
          from unit_credits c
          left join usage_counters u on u.owner_id = c.owner_id and u.unit = c.unit and u.period = 'month'
          where c.organization_id = ${id}`;
        expect(rows).toHaveLength(4);
        for (const { left, used, held } of rows) {
          expect(used + CREDITS - left).toBe(held);
          expect(left).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 40 },
    );
  });
});
