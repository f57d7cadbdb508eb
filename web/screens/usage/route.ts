import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const usageRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/usage',
  component: lazyRouteComponent(() => import('./usage.tsx')),
});
