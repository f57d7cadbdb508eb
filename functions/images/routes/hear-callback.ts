import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

/** A generation's id and the token that its provider was given with it. */
const named = /^([0-9a-f-]{36})\.([\w-]{1,200})$/;

/**
 * `POST /api/images/callbacks/{provider}/{id}.{token}`: a task has ended. It only has the provider asked at once; nothing in it is
 * believed. It stands in no description of the API: its address is told to the provider of one generation.
 */
export function hearCallback(router: Router, { generations }: { generations: Generations }): void {
  router.post('/api/images/callbacks/:provider{[a-z]+}/:call', async (c) => {
    const [, id, token] = named.exec(c.req.param('call')) ?? [];
    if (id === undefined || token === undefined) throw new Problem(notFound);
    const body = Buffer.from(await c.req.arrayBuffer());
    await generations.heard(c.req.param('provider'), id, token, c.req.raw.headers, body);
    return c.body(null, 204);
  });
}
