import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { leaveWhenNew, outsideRoute } from '../../app/routes.tsx';

export const forgotPasswordRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/forgot-password',
  beforeLoad: ({ context }) => leaveWhenNew(context),
  component: lazyRouteComponent(() => import('./forgot-password.tsx')),
});
