import { createRoute, z } from '@hono/zod-openapi';
import {
  configuredProvider,
  type PaymentDeps,
  requestTopUp,
  startPayment,
  topUpPacks,
  unitPacks,
} from '../../../modules/commerce/billing/index.ts';
import { paymentFailed, tooManyOpenInvoices } from '../../../modules/commerce/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  invalidRequest,
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
import { buyerSchema, invoiceSchema, paymentSchema, providerSchema, toInvoice, toPayment } from '../billed.ts';

const responseSchema = z.strictObject({ invoice: invoiceSchema, payment: paymentSchema });

const route = createRoute({
  method: 'post',
  path: '/api/top-ups',
  operationId: 'buyTopUp',
  tags: ['billing'],
  summary: 'Buy questions or other units on top of the plan',
  description:
    'For owners. Gives an invoice; when it is paid, the units are there. An organization may have 10 unpaid invoices. The packs are those of `/api/plans`: name one by `unit` and `amount`, or one of questions by `questions`.',
  security: bearer,
  request: {
    headers: idempotencyHeader,
    body: jsonBody(
      z.strictObject({
        questions: z.int().optional().openapi({ example: topUpPacks[0].questions }),
        unit: z.string().max(50).optional().openapi({ example: 'question' }),
        amount: z.int().optional(),
        provider: providerSchema,
        buyer: buyerSchema.optional(),
      }),
    ),
  },
  responses: {
    201: json(responseSchema, 'What is to be paid'),
    ...problems(
      ...bodyProblems,
      ...([
        unauthenticated,
        notFound,
        tooManyOpenInvoices,
        idempotencyConflict,
        idempotencyMismatch,
        paymentFailed,
      ] as const),
    ),
  },
});

export function buyQuestions(router: Router, deps: PaymentDeps & { idempotency: Idempotency }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'owner');
    const { organizationId, userId } = caller;
    const request = c.req.valid('json');
    configuredProvider(deps.providers, request.provider);
    const pack = packOf(request);
    const key = c.req.valid('header')['idempotency-key'];
    // A later attempt under the same key meets the invoice of the first one, wherever that broke off.
    const about = key === undefined ? crypto.randomUUID() : `${userId}/${key}`;
    const bought = await deps.idempotency.once<z.output<typeof responseSchema>>(
      caller,
      idempotentRequest(key, 'top-up', request),
      async (keep) => {
        const at = new Date();
        const invoice = await deps.database.tenant(organizationId, (tx) =>
          requestTopUp({ tx, deps, organizationId, at, actor: { actorId: userId } }, pack, about, request.buyer),
        );
        const payment = await startPayment(deps, invoice, request.provider, at);
        const shown = { invoice: toInvoice(invoice), payment: toPayment(payment) };
        await deps.database.tenant(organizationId, (tx) => keep(tx, shown));
        return shown;
      },
    );
    return c.json(bought, 201);
  });
}

/** @throws Problem invalid-request for what is not sold */
function packOf({
  questions,
  unit = 'question',
  amount = questions,
}: {
  questions?: number | undefined;
  unit?: string | undefined;
  amount?: number | undefined;
}) {
  const packs = unitPacks().filter((pack) => pack.unit === unit);
  const pack = packs.find((one) => one.amount === amount);
  if (pack) return pack;
  const error =
    packs.length > 0
      ? {
          path: `body.${questions === undefined ? 'amount' : 'questions'}`,
          message: `must be one of ${packs.map((one) => one.amount).join(', ')}`,
        }
      : { path: 'body.unit', message: 'nothing of it is sold' };
  throw new Problem(invalidRequest, { errors: [error] });
}
