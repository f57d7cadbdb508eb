import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { addCredits } from '../../../modules/people/organizations/add-credits.ts';
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

const creditsSchema = z.strictObject({ questionCredits: z.int() });

const route = createRoute({
  method: 'post',
  path: '/api/admin/organizations/{id}/credits',
  tags: ['administration'],
  summary: 'Give an organization questions on top of its plan',
  description: 'They are free, so nothing is booked.',
  security: bearer,
  request: {
    params: idParameter,
    headers: idempotencyHeader,
    body: jsonBody(z.strictObject({ questions: z.int().min(1).max(1_000_000), reason: words(500) })),
  },
  responses: {
    200: json(creditsSchema, 'What the organization has now'),
    ...problems(...bodyProblems, ...([unauthenticated, notFound, idempotencyConflict, idempotencyMismatch] as const)),
  },
});

export function giveCredits(
  router: Router,
  { database, idempotency }: { database: Database; idempotency: Idempotency },
): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { questions, reason } = c.req.valid('json');
    const request = idempotentRequest(c.req.valid('header')['idempotency-key'], route.path, id, questions, reason);
    const given = await idempotency.once<z.output<typeof creditsSchema>>(c.var.caller, request, (keep) =>
      database.transaction(async (tx) => {
        await findOrganization(tx, id);
        const questionCredits = await addCredits(tx, id, questions);
        const act = { organizationId: id, actorId: c.var.caller.userId, target: id, details: { questions, reason } };
        await recordAct(tx, { ...act, action: 'give-credits' });
        const shown = { questionCredits };
        await keep(tx, shown);
        return shown;
      }),
    );
    return c.json(given, 200);
  });
}
