import { createRoute, z } from '@hono/zod-openapi';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import { unitsUsed } from '../../../modules/commerce/problems.ts';
import { organizationSuspended } from '../../../modules/people/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { isSameRequest, keyOfImages } from '../../../modules/pictures/is-same-request.ts';
import {
  countNotOffered,
  modelNotOffered,
  noUnits,
  promptTooLong,
  providerUnavailable,
  refusedTooOften,
  sizeNotOffered,
} from '../../../modules/pictures/problems.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { idempotencyMismatch, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { limitBody } from '../../../platform/runtime/http/limit-body.ts';
import {
  bearer,
  bodyProblems,
  idempotencyHeader,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { imageSchema, toImage } from '../image.ts';

/** More than the longest prompt of any model. */
const MAX_BODY_BYTES = 128 * 1024;
const MAX_SEED = 2 ** 31 - 1;
const side = z.int().min(1).max(16_384);

const askedSchema = z
  .strictObject({
    prompt: z
      .string()
      .trim()
      .min(1)
      .refine((text) => !text.includes('\0'), { message: 'must not contain NUL' })
      .openapi({ example: 'A lighthouse in the fog, oil on canvas' }),
    model: z.string().min(1).max(100).optional().openapi({ description: 'See `GET /api/images/models`' }),
    width: side.optional(),
    height: side.optional(),
    count: z.int().min(1).max(100).optional().openapi({ description: 'Pictures to make; 1 by default' }),
    seed: z.int().min(0).max(MAX_SEED).optional().openapi({ description: 'By chance unless given' }),
  })
  .refine(({ width, height }) => (width === undefined) === (height === undefined), {
    message: 'width and height go together',
    path: ['height'],
  })
  .openapi('AskedImage');

const route = createRoute({
  method: 'post',
  path: '/api/images',
  operationId: 'createImageGeneration',
  tags: ['images'],
  summary: 'Ask for pictures',
  description:
    'The answer comes at once, with the state `queued`. Follow the generation by its events or by the WebSocket. Its units are held, and charged for the pictures that are delivered; those of a generation that ends without any are free again.',
  security: bearer,
  request: { headers: idempotencyHeader, body: jsonBody(askedSchema) },
  responses: {
    202: {
      ...json(imageSchema, 'Accepted'),
      headers: { Location: { schema: { type: 'string' }, description: 'Address of the generation' } },
    },
    ...problems(
      ...[...bodyProblems, unauthenticated, notFound, noUnits, unitsUsed, organizationSuspended, idempotencyMismatch],
      ...[sizeNotOffered, countNotOffered, modelNotOffered, promptTooLong, refusedTooOften, providerUnavailable],
    ),
  },
});

export function createImage(router: Router, { generations }: { generations: Generations }): void {
  router.use(route.path, limitBody(MAX_BODY_BYTES));
  router.openapi(route, async (c) => {
    const { caller, language } = c.var;
    requireRole(caller, 'member');
    const asked = c.req.valid('json');
    const key = c.req.valid('header')['idempotency-key'];
    const made = await generations.create(caller, asked, requestIdOf(caller, keyOfImages(key)));
    if (!isSameRequest(made, asked)) throw new Problem(idempotencyMismatch);
    c.header('location', `/api/images/${made.id}`);
    return c.json(toImage(made, language), 202);
  });
}
