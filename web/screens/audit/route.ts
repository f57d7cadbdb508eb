import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/organization/audit',
  component: lazyRouteComponent(() => import('./audit.tsx')),
});
