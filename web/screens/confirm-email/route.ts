import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const confirmEmailRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('./confirm-email.tsx')),
});
