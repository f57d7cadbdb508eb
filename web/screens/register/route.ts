import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { leaveWhenNew, leaveWhenSignedIn, outsideRoute } from '../../app/routes.tsx';

export const registerRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/register',
  async beforeLoad({ context }) {
    await leaveWhenSignedIn(context);
    await leaveWhenNew(context);
  },
  component: lazyRouteComponent(() => import('./register.tsx')),
});
