import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const forgotPasswordRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./forgot-password.tsx')),
});
