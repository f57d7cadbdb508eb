import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const invoicesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/invoices',
  component: lazyRouteComponent(() => import('./invoices.tsx')),
});
