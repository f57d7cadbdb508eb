import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { currentMonth, startOfMonth } from '../../../../db/utc.ts';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { moneyToday } from '../../money-today.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const amount = z.string().openapi({ description: 'Decimal, in whole units of the currency' });

const moneySchema = z
  .object({
    today: z.array(z.object({ currency: z.string(), amount, what: z.enum(['paid', 'spent']) })),
    month: z.object({
      month: z.string().openapi({ example: '2026-03' }),
      paid: amount,
      spent: amount,
      unused: amount.openapi({ description: 'Of `paid`, from organizations that asked no model in the month' }),
    }),
    costByModel: z
      .array(
        z.object({
          model: z.string().nullable(),
          action: z.string(),
          calls: z.int(),
          tokens: z.int(),
          cost: amount,
          paid: amount.openapi({ description: 'Its part of what those who used it paid' }),
          margin: amount.openapi({ description: '`paid` less `cost`' }),
          share: z.number().nullable().openapi({ description: 'Of what was paid in the month: 0 to 1 and above' }),
        }),
      )
      .openapi({
        description:
          'Of the month. Customers pay for questions and units, not for models: what an organization paid is divided among its requests of models, each the same',
      }),
    paymentsToConfirm: z.array(
      z.object({
        id: z.uuid(),
        organizationId: z.uuid(),
        organization: z.string(),
        invoice: z.string(),
        amount: z.int().openapi({ description: 'Kopecks' }),
        currency: z.string(),
        createdAt: z.string(),
      }),
    ),
  })
  .openapi('ConsoleMoney');

const route = createRoute({
  method: 'get',
  path: '/api/operator/money',
  operationId: 'getConsoleMoney',
  tags: ['console'],
  summary: 'Money of the day and the month, what models cost, and transfers to confirm',
  description: 'Days and months by UTC.',
  security: bearer,
  responses: { 200: json(moneySchema, 'The money'), ...problems(...readProblems) },
});

export function getMoney(router: Router, { database }: ConsoleDeps): void {
  router.openapi(route, async (c) => c.json(await readMoney(database), 200));
}

const MOST_PAYMENTS = 200;

interface ModelRow extends Record<string, unknown> {
  model: string | null;
  action: string;
  calls: number;
  tokens: string;
  cost: string;
  paid: string;
  margin: string;
}

/** What organizations paid in the month, in roubles, and their requests of models; without a request there is nothing to divide by. */
const paidAndUsed = sql`
  paid as (
    select organization_id, sum(amount) / 100.0 as amount from payments
    where state = 'succeeded' and currency = 'RUB' and closed_at >= ${startOfMonth} group by organization_id),
  used as (
    select organization_id, model, action, sum(count) as calls, sum(prompt_tokens + completion_tokens) as tokens, sum(cost) as cost
    from usage_totals where month = ${currentMonth} and (model is not null or cost > 0)
    group by organization_id, model, action having sum(count) > 0)`;

async function readMoney(database: Pick<Database, 'transaction'>): Promise<z.output<typeof moneySchema>> {
  const today = await moneyToday(database);
  return database.transaction(async (tx) => {
    const [sums] = await tx.execute<{ month: string; paid: string; spent: string; unused: string }>(sql`
      with ${paidAndUsed}
      select to_char(${currentMonth}, 'YYYY-MM') as month,
        (select coalesce(sum(amount), 0)::numeric(20, 2)::text from paid) as paid,
        (select coalesce(sum(cost), 0)::text from usage_totals where month = ${currentMonth}) as spent,
        (select coalesce(sum(amount), 0)::numeric(20, 2)::text from paid where organization_id not in (select organization_id from used)) as unused`);
    const { paid = '0', spent = '0', unused = '0', month: name = '' } = sums ?? {};
    const models = await tx.execute<ModelRow>(sql`
      with ${paidAndUsed}, divided as (
        select used.*, coalesce(paid.amount, 0) * used.calls / sum(used.calls) over (partition by organization_id) as paid
        from used left join paid using (organization_id))
      select model, action, sum(calls)::int as calls, sum(tokens)::text as tokens, sum(cost)::text as cost,
        sum(paid)::numeric(20, 2)::text as paid, (sum(paid) - sum(cost))::numeric(20, 2)::text as margin
      from divided group by model, action order by sum(cost) desc, model, action`);
    const payments = await tx.execute<Record<string, string>>(sql`
      select p.id, p.organization_id, o.name, i.number, p.amount::text, p.currency, p.created_at
      from payments p join organizations o on o.id = p.organization_id join invoices i on i.id = p.invoice_id
      where p.state = 'pending' and p.provider = 'bank' order by p.created_at limit ${MOST_PAYMENTS}`);
    return {
      today,
      month: { month: name, paid, spent, unused },
      costByModel: [...models].map(({ tokens, cost, ...row }) => ({
        ...{ ...row, cost, tokens: Number(tokens) },
        share: Number(paid) > 0 ? Number(cost) / Number(paid) : null,
      })),
      paymentsToConfirm: [...payments].map((row) => ({
        ...{ id: row.id as string, organizationId: row.organization_id as string, organization: row.name as string },
        ...{ invoice: row.number as string, amount: Number(row.amount), currency: row.currency as string },
        createdAt: new Date(row.created_at as string).toISOString(),
      })),
    };
  });
}
