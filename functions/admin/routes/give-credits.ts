import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { allUnits } from '../../../db/units.ts';
import { addCredits } from '../../../modules/commerce/metering/index.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
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
  idParameter,
  json,
  jsonBody,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findOrganization } from '../organization.ts';

const creditsSchema = z.strictObject({
  questionCredits: z.int(),
  unit: z.string().optional(),
  amount: z.int().optional().openapi({ description: 'What the organization has of the unit now' }),
});

const amount = z.int().min(1).max(1_000_000);
const givenSchema = z.union([
  z.strictObject({ questions: amount, reason: words(500) }),
  z.strictObject({
    unit: z.string().refine((name) => allUnits().some(([unit]) => unit === name), 'not a unit'),
    amount,
    reason: words(500),
    expiresAt: z.iso.datetime().optional(),
  }),
]);

const route = createRoute({
  method: 'post',
  path: '/api/admin/organizations/{id}/credits',
  operationId: 'giveCredits',
  tags: ['administration'],
  summary: 'Give an organization questions or other units on top of its plan',
  description: 'They are free, so nothing is booked.',
  security: bearer,
  request: {
    params: idParameter,
    headers: idempotencyHeader,
    body: jsonBody(givenSchema),
  },
  responses: {
    200: json(creditsSchema, 'What the organization has now'),
    ...problems(
      ...bodyProblems,
      freshSignInNeeded,
      ...([unauthenticated, notFound, idempotencyConflict, idempotencyMismatch] as const),
    ),
  },
});

export function giveCredits(
  router: Router,
  { database, idempotency }: { database: Database; idempotency: Idempotency },
): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    const { reason } = body;
    const credits = 'questions' in body ? { unit: 'question', amount: body.questions } : toCredits(body);
    const key = c.req.valid('header')['idempotency-key'];
    const request =
      'questions' in body
        ? idempotentRequest(key, route.path, id, body.questions, reason)
        : idempotentRequest(key, route.path, id, body.unit, body.amount, body.expiresAt, reason);
    const given = await idempotency.once<z.output<typeof creditsSchema>>(c.var.caller, request, (keep) =>
      database.transaction(async (tx) => {
        const { questionCredits } = await findOrganization(tx, id);
        const act = { organizationId: id, actorId: c.var.caller.userId, target: id, details: body };
        await recordAct(tx, { ...act, action: 'give-credits' });
        const amount = await addCredits(tx, { organizationId: id }, credits);
        const shown = {
          questionCredits: credits.unit === 'question' ? amount : questionCredits,
          ...(!('questions' in body) && { unit: credits.unit, amount }),
        };
        await keep(tx, shown);
        return shown;
      }),
    );
    return c.json(given, 200);
  });
}

const toCredits = ({ unit, amount, expiresAt }: { unit: string; amount: number; expiresAt?: string | undefined }) => ({
  unit,
  amount,
  expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
});
