import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const welcomeRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/welcome',
  async beforeLoad({ context: { client } }) {
    const { data } = await client.api.GET('/api/setup');
    if (!data.open) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('./welcome.tsx')),
});
