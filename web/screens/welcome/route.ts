import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const welcomeRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./welcome.tsx')),
});
