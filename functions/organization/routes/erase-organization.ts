import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import { botsRemain } from '../../../modules/bots/problems.ts';
import { holdOrganization } from '../../../modules/people/accounts/index.ts';
import { requestErasure } from '../../../modules/people/organizations/erase.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/organization',
  operationId: 'eraseOrganization',
  tags: ['organization'],
  summary: 'Erase the organization',
  description:
    'For owners, who confirm by its name, once its bots are removed. Everybody is signed out at once and no one gets in again; within moments its people, keys, files, texts, search index, cached answers, conversations, usage and audit log are gone for good. Export them before. What bookkeeping must keep stays: invoices with the buyer’s details as they were issued, payments, and the ledger.',
  security: bearer,
  request: { body: jsonBody(z.strictObject({ name: z.string().max(200) })) },
  responses: {
    202: { description: 'The erasure has begun' },
    ...problems(...bodyProblems, unauthenticated, notFound, botsRemain),
  },
});

export function eraseOrganization(router: Router, { database, queue }: { database: Database; queue: Queue }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'owner');
    const { name } = c.req.valid('json');
    const { organizationId } = caller;
    await database.tenant(organizationId, async (tx) => {
      const organization = await holdOrganization(tx, organizationId);
      if (!organization) throw new Problem(notFound);
      if (organization.name !== name) {
        const errors = [{ path: 'body.name', message: 'is not the name of the organization' }];
        throw new Problem(invalidRequest, { errors });
      }
      const left = await tx
        .select({ username: bots.username })
        .from(bots)
        .where(eq(bots.organizationId, organizationId));
      if (left.length > 0)
        throw new Problem(botsRemain, { parameters: { bots: left.map(({ username }) => `@${username}`).join(', ') } });
      await requestErasure(tx, queue, caller);
    });
    return c.body(null, 202);
  });
}
