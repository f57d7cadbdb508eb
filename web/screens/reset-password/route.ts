import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const resetPasswordRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./reset-password.tsx')),
});
