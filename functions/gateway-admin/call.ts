import { z } from '@hono/zod-openapi';
import { usageOutcomes } from '../../db/schema/commerce/usage-logs.ts';
import type { FoundCall } from '../../modules/commerce/metering/calls/search-calls.ts';

export const outcomeSchema = z.enum(usageOutcomes);

export const callSchema = z
  .strictObject({
    id: z.uuid(),
    requestId: z.uuid().openapi({ description: 'The same for all attempts at one request' }),
    attempt: z.int().openapi({ description: 'From 1' }),
    userId: z.uuid().nullable(),
    keyId: z.uuid().nullable(),
    route: z.string().nullable(),
    target: z.string().nullable(),
    outcome: outcomeSchema,
    status: z.int().nullable().openapi({ description: 'Of the upstream; null without an answer' }),
    promptTokens: z.int(),
    completionTokens: z.int(),
    isEstimated: z.boolean().openapi({ description: 'The tokens are an estimate' }),
    cost: z.string().openapi({ description: 'Roubles, exact', example: '0.01250000' }),
    firstMs: z.int().nullable().openapi({ description: 'Milliseconds to the first content' }),
    ms: z.int().nullable(),
    createdAt: z.iso.datetime().openapi({ description: 'When the request was admitted' }),
  })
  .openapi('GatewayCall');

export const toShownCall = ({ organizationId: _, outcome, createdAt, ...call }: FoundCall) => ({
  ...call,
  outcome: outcome as z.infer<typeof outcomeSchema>,
  createdAt: createdAt.toISOString(),
});
