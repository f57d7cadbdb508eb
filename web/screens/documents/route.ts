import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const documentsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/documents',
  component: lazyRouteComponent(() => import('./documents.tsx')),
});
