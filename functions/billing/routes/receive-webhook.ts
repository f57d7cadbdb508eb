import { createRoute, z } from '@hono/zod-openapi';
import { type PaymentDeps, receiveNotice, yookassaId } from '../../../modules/commerce/billing/index.ts';
import { paymentFailed } from '../../../modules/commerce/problems.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

/** Of a notification, what tells which payment it is about: https://yookassa.ru/developers/using-api/webhooks */
const notificationSchema = z
  .object({
    event: z.string().max(100),
    object: z
      .object({
        id: yookassaId,
        metadata: z.object({ paymentId: z.uuid(), organizationId: z.uuid() }).loose(),
      })
      .loose(),
  })
  .loose();

const route = createRoute({
  method: 'post',
  path: '/api/billing/webhooks/{provider}',
  operationId: 'receivePaymentWebhook',
  tags: ['billing'],
  summary: 'Tell that something became of a payment',
  description:
    'For payment providers. Nothing that it says is believed: the provider is asked about the payment, and what it answers counts.',
  request: {
    params: z.object({
      provider: z.string().openapi({ param: { name: 'provider', in: 'path' }, example: 'yookassa' }),
    }),
    body: jsonBody(notificationSchema),
  },
  responses: {
    200: json(z.strictObject({}), 'Heard, whatever came of it'),
    ...problems(...bodyProblems, notFound, paymentFailed),
  },
});

export function receiveWebhook(router: Router, deps: PaymentDeps): void {
  router.openapi(route, async (c) => {
    if (c.req.valid('param').provider !== 'yookassa' || !deps.providers.yookassa) throw new Problem(notFound);
    const { id, metadata } = c.req.valid('json').object;
    await receiveNotice(deps, 'yookassa', { providerPaymentId: id, ...metadata }, new Date());
    return c.json({}, 200);
  });
}
