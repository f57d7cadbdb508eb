import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const documentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/documents/$id',
  component: lazyRouteComponent(() => import('./document.tsx')),
});
