import { createRoute, z } from '@hono/zod-openapi';
import {
  type ChangeRequest,
  configuredProvider,
  type PaymentDeps,
  requestChange,
  startPayment,
} from '../../../modules/commerce/billing/index.ts';
import { nextPeriodPaid, paymentFailed, subscriptionConflict, trialUsed } from '../../../modules/commerce/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  notFound,
  unauthenticated,
} from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idempotencyHeader,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import {
  buyerSchema,
  invoiceSchema,
  paymentSchema,
  providerSchema,
  subscriptionSchema,
  toInvoice,
  toPayment,
  toSubscription,
} from '../billed.ts';

const tier = z.string().min(1).max(50);
const paid = { tier, buyer: buyerSchema.optional(), provider: providerSchema };

const requestSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('subscribe'), ...paid }),
  z.strictObject({ action: z.literal('upgrade'), ...paid }),
  z.strictObject({ action: z.literal('downgrade'), tier }),
  z.strictObject({ action: z.literal('trial'), tier }),
  z.strictObject({ action: z.literal('cancel') }),
  z.strictObject({ action: z.literal('resume') }),
]);

const responseSchema = z.strictObject({
  subscription: subscriptionSchema.nullable(),
  invoice: invoiceSchema.nullable().openapi({ description: 'The invoice to pay' }),
  payment: paymentSchema.nullable(),
});

const route = createRoute({
  method: 'post',
  path: '/api/subscription',
  operationId: 'changeSubscription',
  tags: ['billing'],
  summary: 'Try, buy, change or end a subscription',
  description:
    'For owners. `trial`, `cancel`, `resume` and `downgrade` take effect as they are; `subscribe` and `upgrade` give an invoice, and take effect when it is paid.',
  security: bearer,
  request: { headers: idempotencyHeader, body: jsonBody(requestSchema) },
  responses: {
    200: json(responseSchema, 'What there is now, and what is to be paid'),
    ...problems(
      ...bodyProblems,
      ...([unauthenticated, notFound, subscriptionConflict, trialUsed, nextPeriodPaid] as const),
      ...([idempotencyConflict, idempotencyMismatch, paymentFailed] as const),
    ),
  },
});

export function changeSubscription(router: Router, deps: PaymentDeps & { idempotency: Idempotency }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'owner');
    const { organizationId, userId } = caller;
    const request = c.req.valid('json');
    const provider = 'provider' in request ? request.provider : undefined;
    if (provider) configuredProvider(deps.providers, provider);
    const asked = idempotentRequest(c.req.valid('header')['idempotency-key'], 'subscription', request);
    const changed = await deps.idempotency.once<z.output<typeof responseSchema>>(caller, asked, async (keep) => {
      const at = new Date();
      const result = await deps.database.tenant(organizationId, async (tx) => {
        const context = { tx, deps, organizationId, at, actor: { actorId: userId } };
        const { subscription, invoice } = await requestChange(context, request as ChangeRequest);
        const shown: z.output<typeof responseSchema> = {
          subscription: subscription ? toSubscription(subscription) : null,
          invoice: invoice ? toInvoice(invoice) : null,
          payment: null,
        };
        // What asks for a payment gives the same invoice again, the rest must not happen twice.
        if (!provider) await keep(tx, shown);
        return shown;
      });
      if (!provider || !result.invoice) return result;
      const payment = await startPayment(deps, { organizationId, id: result.invoice.id }, provider, at);
      const shown = { ...result, payment: toPayment(payment) };
      await deps.database.tenant(organizationId, (tx) => keep(tx, shown));
      return shown;
    });
    return c.json(changed, 200);
  });
}
