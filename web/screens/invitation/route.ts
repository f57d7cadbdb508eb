import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const invitationRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./invitation.tsx')),
});
