import { z } from '@hono/zod-openapi';
import { budgetScopes, budgetWindows } from '../../db/schema/commerce/budgets.ts';
import type { Budget } from '../../modules/commerce/budgets/budgets.ts';
import { words } from '../../platform/runtime/http/operation.ts';

const roubles = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})(\.\d{1,8})?$/, 'must be an amount of roubles such as 1500.5')
  .openapi({ description: 'Roubles', example: '1500.5' });

const terms = {
  scope: z.enum(budgetScopes).openapi({ description: 'What the budget limits the spending of' }),
  scopeId: words(200)
    .nullable()
    .openapi({ description: 'The id of the key or the name of the model; null for the organization' }),
  window: z.enum(budgetWindows).openapi({ description: 'Days and months in UTC; total never resets' }),
  limitCost: roubles.nullable(),
  limitTokens: z.int().min(0).nullable(),
  hard: z.boolean().openapi({ description: 'Whether requests beyond it are refused; people are told in any case' }),
};

export const budgetTermsSchema = z
  .strictObject({
    ...terms,
    scopeId: terms.scopeId.default(null),
    limitCost: terms.limitCost.default(null),
    limitTokens: terms.limitTokens.default(null),
    hard: terms.hard.default(true),
  })
  .refine(({ scope, scopeId }) => (scope === 'organization') === (scopeId === null), {
    path: ['scopeId'],
    message: 'must be set for keys and models, and for nothing else',
  })
  .refine(({ limitCost, limitTokens }) => limitCost !== null || limitTokens !== null, {
    path: ['limitCost'],
    message: 'must be set unless limitTokens is',
  });

export const budgetSchema = z
  .strictObject({
    id: z.uuid(),
    ...terms,
    spentCost: z.string().openapi({ description: 'Roubles spent in this window' }),
    heldCost: z.string().openapi({ description: 'Roubles that requests in progress hold' }),
    spentTokens: z.int(),
    heldTokens: z.int(),
    resetAt: z.iso.datetime().nullable(),
  })
  .openapi('Budget');

export const toBudget = (budget: Budget): z.output<typeof budgetSchema> => ({
  ...budget,
  resetAt: budget.resetAt?.toISOString() ?? null,
});
