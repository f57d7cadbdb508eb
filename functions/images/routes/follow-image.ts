import { createRoute, z } from '@hono/zod-openapi';
import { isOver } from '../../../modules/pictures/generation-state.ts';
import { type Generations, generationTopic } from '../../../modules/pictures/generations/index.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { follow } from '../../../platform/runtime/http/follow.ts';
import { bearer, eventStream, idParameter, problemSchema, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { type Image, imageSchema, toImage } from '../image.ts';

const route = createRoute({
  method: 'get',
  path: '/api/images/{id}/events',
  operationId: 'followImageGeneration',
  tags: ['images'],
  summary: 'Follow a generation until it ends',
  description:
    'Server-sent events `status`, each with the generation as its data and its version as `id`; the stream ends with the state that ends the generation, or with an `error` whose data is a problem document. To follow several, use the WebSocket `/api/images/socket`.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { content: eventStream('ImageEvents'), description: 'Events' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const events = z.strictObject({ status: imageSchema, error: problemSchema }).partial();

export function followImage(router: Router, { generations, feed }: { generations: Generations; feed: Feed }): void {
  router.openAPIRegistry.register('ImageEvents', events);
  router.openapi(route, (c) => {
    const { id } = c.req.valid('param');
    const { caller, language } = c.var;
    return follow<Image>(c, {
      subscribe: () => feed.subscribe(generationTopic, id),
      read: async () => toImage(await generations.read(caller, id), language),
      isFinal: isOver,
      versionOf: ({ version }) => version,
    }) as never;
  });
}
