import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const plansRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/plans',
  component: lazyRouteComponent(() => import('./plans.tsx')),
});
