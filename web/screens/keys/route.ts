import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const keysRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/organization/keys',
  component: lazyRouteComponent(() => import('./keys.tsx')),
});
