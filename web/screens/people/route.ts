import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const peopleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/organization/people',
  component: lazyRouteComponent(() => import('./people.tsx')),
});
