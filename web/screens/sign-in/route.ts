import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { outsideRoute } from '../../app/routes.tsx';

export const signInRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/sign-in',
  /** Leads back to where the person wanted to go, on this site only. */
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('./sign-in.tsx')),
});
