import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import {
  createLimitsReader,
  endOf,
  type LimitsLeft,
  type Period,
  secondsLeft,
  titleOf,
} from '../../../modules/commerce/metering/index.ts';
import type { ChannelLimits } from '../../../modules/commerce/metering/provide-channel-limits.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const countSchema = z.strictObject({
  used: z.int(),
  limit: z.int(),
  left: z.int().openapi({ description: 'Never below 0, even if usage exceeds a smaller plan' }),
});
const periodSchema = countSchema.extend({ resetSeconds: z.int(), resetAt: z.iso.datetime() });

const unitSchema = countSchema
  .extend({
    unit: z.string().openapi({ description: 'More units may be added', example: 'question' }),
    name: z.strictObject({ ru: z.string(), en: z.string() }),
    period: z
      .enum(['day', 'month'])
      .optional()
      .openapi({ description: 'In UTC; absent if the unit is held, not counted' }),
    resetSeconds: z.int().optional(),
    resetAt: z.iso.datetime().optional(),
  })
  .openapi('UnitLimit');

const limitsSchema = z
  .strictObject({
    tier: z.string(),
    channel: z
      .enum(['external', 'internal'])
      .openapi({ description: 'Selects the per-minute limits that apply to the caller' }),
    requestsPerMinute: z.int().openapi({ description: 'Per person or key; `RateLimit` headers give the remainder' }),
    tokensPerMinute: periodSchema.openapi({ description: 'AI tokens of the organization, reserved and used' }),
    questions: z.strictObject({
      day: periodSchema,
      month: periodSchema,
      atOnce: countSchema.openapi({ description: 'Questions in progress' }),
      credits: z
        .int()
        .openapi({ description: 'Purchased or granted on top; used once the daily or monthly limit is reached' }),
    }),
    documents: countSchema,
    storageBytes: countSchema,
    users: countSchema,
    fileBytes: z.int().openapi({ description: 'Largest file' }),
    tokensPerQuestion: z.int(),
    credits: z
      .array(
        z.strictObject({ unit: z.string(), name: z.strictObject({ ru: z.string(), en: z.string() }), amount: z.int() }),
      )
      .openapi({ description: 'Units purchased or granted on top; used once a limit is reached' }),
    units: z.array(unitSchema).openapi({ description: 'Each limit of the plan by unit, those above among them' }),
  })
  .openapi('Limits');

const route = createRoute({
  method: 'get',
  path: '/api/limits',
  operationId: 'getLimits',
  tags: ['usage'],
  summary: 'What your plan allows, what is left, and when it resets',
  security: bearer,
  responses: { 200: json(limitsSchema, 'Limits'), ...problems(unauthenticated, notFound) },
});

interface Deps {
  database: Database;
  channelLimits: Record<'external' | 'internal', ChannelLimits>;
  /** Of a person in a minute. */
  personRequests: number;
}

export function getLimits(router: Router, { database, channelLimits, personRequests }: Deps): void {
  const limitsLeft = createLimitsReader(database);
  router.openapi(route, async (c) => {
    const { organizationId, keyId, channel = 'external' } = c.var.caller;
    const { requests, tokens } = channelLimits[channel];
    const at = new Date();
    const limits = await limitsLeft(organizationId, channel, at);
    return c.json(show(limits, channel, { requests: keyId ? requests : personRequests, tokens }, at), 200);
  });
}

function show(
  limits: LimitsLeft,
  channel: 'external' | 'internal',
  { requests, tokens }: ChannelLimits,
  at: Date,
): z.output<typeof limitsSchema> {
  const { tier, credits, fileBytes, tokensPerQuestion } = limits;
  const resets = { minute: resetOf('minute', at), day: resetOf('day', at), month: resetOf('month', at) };
  const periodUse = (period: keyof typeof resets, count: { used: number; limit: number }) => ({
    ...use(count),
    ...resets[period],
  });
  const find = (unit: string, period?: Period) =>
    limits.units.find((limit) => limit.unit === unit && limit.period === period) as LimitsLeft['units'][number];
  return {
    tier,
    channel,
    requestsPerMinute: requests,
    tokensPerMinute: periodUse('minute', { used: limits.minuteTokens, limit: tokens }),
    questions: {
      day: periodUse('day', find('question', 'day')),
      month: periodUse('month', find('question', 'month')),
      atOnce: use(limits.concurrent),
      credits: credits.question ?? 0,
    },
    documents: use(find('document')),
    storageBytes: use(find('byte')),
    users: use(find('user')),
    fileBytes,
    tokensPerQuestion,
    credits: Object.entries(credits).map(([unit, amount]) => ({ unit, name: titleOf(unit), amount })),
    units: limits.units.map(({ unit, name, period, ...count }) =>
      period ? { unit, name, period, ...periodUse(period, count) } : { unit, name, ...use(count) },
    ),
  };
}

const use = ({ used, limit }: { used: number; limit: number }) => ({ used, limit, left: Math.max(limit - used, 0) });

const resetOf = (period: Period, at: Date) => ({
  resetSeconds: secondsLeft(period, at),
  resetAt: endOf(period, at).toISOString(),
});
