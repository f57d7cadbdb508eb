import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../perform.ts';
import { hostSchema } from '../rows.ts';

const hostsSchema = z
  .object({
    own: z.uuid().openapi({ description: 'The host that answers' }),
    hosts: z.array(hostSchema).openapi({ description: 'Those that were heard of in the last seven days' }),
  })
  .openapi('ConsoleHosts');

const route = createRoute({
  method: 'get',
  path: '/api/operator/hosts',
  operationId: 'listConsoleHosts',
  tags: ['console'],
  summary: 'Hosts of the platform',
  description:
    'Units, logs, alerts, backups and changes are those of the host that answers; it names itself in the header `Pandect-Host` of each answer of the console. A request with the header `Pandect-Host` is for the host with that id: any other one refuses it with 421 (`wrong-host`) before it does anything, and the request can be sent again until the balancer leads to the right host.',
  security: bearer,
  responses: { 200: json(hostsSchema, 'All of them'), ...problems(...readProblems) },
});

export function listHosts(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => c.json(await supervisor.get('/hosts', hostsSchema), 200));
}
