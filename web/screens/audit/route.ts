import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export interface AuditFilter {
  /** Id of the person who acted. */
  actor?: string;
  act?: string;
  /** First and last day, as `2026-03-01`, in the person's zone. */
  from?: string;
  to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function readFilter(search: Record<string, unknown>): AuditFilter {
  const filter: AuditFilter = {};
  for (const name of ['actor', 'act'] as const) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') filter[name] = value;
  }
  for (const name of ['from', 'to'] as const) {
    const value = search[name];
    if (typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value))) filter[name] = value;
  }
  return filter;
}

export const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/organization/audit',
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import('./audit.tsx')),
});
