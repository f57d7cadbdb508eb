import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { leaveWhenNew, leaveWhenSignedIn, outsideRoute } from '../../app/routes.tsx';
import { ownAddress } from '../../app/session/own-address.ts';

export const signInRoute = createRoute({
  getParentRoute: () => outsideRoute,
  path: '/sign-in',
  /** Where the person wanted to go. What is not named here would stay in the search as it is in the address. */
  validateSearch: ({ next }: Record<string, unknown>): { next?: string | undefined } => ({ next: ownAddress(next) }),
  async beforeLoad({ context, search }) {
    await leaveWhenSignedIn(context, search.next);
    await leaveWhenNew(context);
  },
  component: lazyRouteComponent(() => import('./sign-in.tsx')),
});
