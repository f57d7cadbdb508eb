import { createRoute, z } from '@hono/zod-openapi';
import { json } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { allHealthy, type HealthChecks } from '../health-checks.ts';

const readySchema = z.strictObject({ status: z.enum(['healthy', 'unhealthy']) });

const route = createRoute({
  method: 'get',
  path: '/ready',
  operationId: 'getReadiness',
  tags: ['health'],
  summary: 'Whether requests can be served',
  description: 'Checks the services that every request needs: database, vector store and file storage.',
  responses: { 200: json(readySchema, 'They can'), 503: json(readySchema, 'They cannot') },
});

export function getReadiness(router: Router, { checks }: { checks: HealthChecks }): void {
  router.openapi(route, async (c) => {
    const healthy = allHealthy(await checks.run('database', 'vectors', 'storage'));
    return healthy ? c.json({ status: 'healthy' as const }, 200) : c.json({ status: 'unhealthy' as const }, 503);
  });
}
