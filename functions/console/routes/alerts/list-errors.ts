import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const errorsSchema = z.array(
  z
    .object({
      unit: z.string(),
      name: z.string().openapi({ description: 'Slug of a problem, or name of an error with its code' }),
      frame: z.string().nullable(),
      count: z.int().openapi({ description: 'Since the time that was asked for' }),
      total: z.int(),
      firstSeen: z.string(),
      lastSeen: z.string(),
      release: z.string().nullable(),
      example: z.string().openapi({ description: 'Of the last one, without words of people' }),
    })
    .openapi('ConsoleError'),
);

const route = createRoute({
  method: 'get',
  path: '/api/operator/errors',
  operationId: 'listConsoleErrors',
  tags: ['console'],
  summary: 'Errors by groups, the last seen first',
  security: bearer,
  request: {
    query: z.object({
      since: z.iso.datetime().optional(),
      unit: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,63}$/)
        .optional(),
    }),
  },
  responses: { 200: json(errorsSchema, 'Groups'), ...problems(...readProblems) },
});

export function listErrors(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { since, unit } = c.req.valid('query');
    const query = new URLSearchParams({
      ...(since !== undefined && { since: String(Date.parse(since)) }),
      ...(unit !== undefined && { unit }),
    });
    return c.json(await supervisor.get(`/errors?${query}`, errorsSchema), 200);
  });
}
