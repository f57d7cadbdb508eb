import { createRoute, z } from '@hono/zod-openapi';
import { version } from '../../../platform/kernel/version.ts';
import { json } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { allHealthy, checkNames, type HealthChecks } from '../health-checks.ts';

const status = z.enum(['healthy', 'unhealthy']);
const healthSchema = z
  .strictObject({
    status,
    timestamp: z.iso.datetime(),
    checks: z.record(z.enum(checkNames), z.strictObject({ status, ms: z.int() })),
    version: z.string(),
  })
  .openapi('Health');

const route = createRoute({
  method: 'get',
  path: '/api/health',
  operationId: 'getHealth',
  tags: ['health'],
  summary: 'How each part of the server is',
  responses: { 200: json(healthSchema, 'All parts are healthy'), 503: json(healthSchema, 'Some part is not') },
});

export function getHealth(router: Router, { checks }: { checks: HealthChecks }): void {
  router.openapi(route, async (c) => {
    const results = await checks.run();
    const healthy = allHealthy(results);
    const body = { timestamp: new Date().toISOString(), checks: results, version };
    return healthy
      ? c.json({ status: 'healthy' as const, ...body }, 200)
      : c.json({ status: 'unhealthy' as const, ...body }, 503);
  });
}
