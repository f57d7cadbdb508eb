import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const imagesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/images',
  component: lazyRouteComponent(() => import('./images.tsx')),
});
