import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import type { Bots } from '../../../modules/bots/records/contract.ts';
import { makeLinkCode } from '../../../modules/people/linked/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const linkSchema = z
  .strictObject({
    code: z.string(),
    url: z.url().openapi({ description: 'Opens the chat with the bot; what is sent there first is the code' }),
    expiresAt: z.iso.datetime(),
  })
  .openapi('LinkCode');

const route = createRoute({
  method: 'post',
  path: '/api/bots/{id}/link-codes',
  operationId: 'makeLinkCode',
  tags: ['bots'],
  summary: 'Let a bot know who you are',
  description:
    'Who opens the address within ten minutes is you to the bot, which then answers with your rights. A code works once; a newer one takes its place.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    201: json(linkSchema, 'A code, and the address that sends it'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function makeCode(router: Router, { bots, database }: { bots: Bots; database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id, username } = await bots.read(caller.organizationId, c.req.valid('param').id);
    const { code, expiresAt } = await database.tenant(caller.organizationId, (tx) => makeLinkCode(tx, caller, id));
    const url = `https://t.me/${username}?start=link_${code}`;
    return c.json({ code, url, expiresAt: expiresAt.toISOString() }, 201);
  });
}
