import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const registerRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/register',
  component: lazyRouteComponent(() => import('./register.tsx')),
});
