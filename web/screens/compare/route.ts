import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const compareRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/documents/$id/compare/$other',
  component: lazyRouteComponent(() => import('./compare.tsx')),
});
