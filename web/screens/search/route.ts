import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const searchRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/search',
  component: lazyRouteComponent(() => import('./search.tsx')),
});
