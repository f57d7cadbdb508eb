import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const subscriptionRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/subscription',
  component: lazyRouteComponent(() => import('./subscription.tsx')),
});
