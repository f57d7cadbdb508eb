import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const dataRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/organization/data',
  component: lazyRouteComponent(() => import('./data.tsx')),
});
