import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const botsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/bots',
  component: lazyRouteComponent(() => import('./bots.tsx')),
});
