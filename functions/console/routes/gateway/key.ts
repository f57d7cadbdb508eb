import { z } from '@hono/zod-openapi';
import { keyScopes } from '../../../../db/schema/people/api-keys.ts';

const roubles = z.string().openapi({ description: 'Roubles, exact' });
const limit = z.int().nullable().openapi({ description: 'Null: what its channel allows' });
const refused = z.int().openapi({ description: 'Calls that were answered with 429, on that day by UTC' });

const budgetSchema = z
  .object({
    window: z.enum(['day', 'month', 'total']),
    hard: z.boolean().openapi({ description: 'Refuses what would exceed it; else it only notifies' }),
    limitCost: roubles.nullable(),
    spentCost: roubles,
    heldCost: roubles.openapi({ description: 'By calls in progress' }),
    limitTokens: z.int().nullable(),
    spentTokens: z.int(),
    heldTokens: z.int(),
  })
  .openapi('ConsoleKeyBudget');

export const keySchema = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    organization: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: 'The start of the key, to recognize it by' }),
    channel: z.enum(['external', 'internal']),
    routes: z.array(z.string()).nullable().openapi({ description: 'Null: all of them' }),
    rpm: limit,
    tpm: limit,
    concurrency: limit,
    lastUsedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
    budgets: z.array(budgetSchema).openapi({ description: 'Of the key alone; those of its organization hold as well' }),
    refused: z.object({ today: refused, yesterday: refused }),
  })
  .openapi('ConsoleKey');

const use = {
  calls: z.int(),
  failed: z.int().openapi({ description: 'Of the calls, those that nothing came of' }),
  tokens: z.number(),
  cost: roubles,
};
const useSchema = z.object(use).openapi('ConsoleKeyUse');

export const keyDetailSchema = z
  .object({
    ...keySchema.shape,
    userId: z.string().openapi({ description: 'Person that the key acts for' }),
    email: z.string(),
    role: z.string().openapi({ description: 'Of that person in the organization' }),
    scopes: z.array(z.enum(keyScopes)),
    createdAt: z.string(),
    revokedAt: z.string().nullable(),
    earlier: z
      .array(z.object({ prefix: z.string(), graceUntil: z.string(), lastUsedAt: z.string().nullable() }))
      .openapi({ description: 'Secrets from before a rotation that still work' }),
    use: z.object({
      today: useSchema,
      month: useSchema,
      byTarget: z.array(z.object({ target: z.string().nullable(), ...use })).openapi({ description: 'Of this month' }),
    }),
  })
  .openapi('ConsoleKeyDetail');
