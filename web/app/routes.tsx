import type { Client } from '@pandect/client';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readSource } from '../source/address.ts';
import { Root } from './root.tsx';
import { RouteFailure } from './route-failure.tsx';
import { claimDrafts } from './session/drafts-owner.ts';

export interface RouterContext {
  client: Client;
  queries: QueryClient;
}

/** The source that stands open next to any screen is part of the address: `?doc=&start=&end=`. */
export const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Root,
  validateSearch: readSource,
  errorComponent: RouteFailure,
});

/** Leads to the first run while the platform has no owner. */
export async function leaveWhenNew({ client: { api }, queries }: RouterContext): Promise<void> {
  const { open } = await queries.ensureQueryData({
    queryKey: ['readSetup'],
    queryFn: async () => (await api.GET('/api/setup')).data,
  });
  if (open) throw redirect({ to: '/welcome' });
}

/** Leads those who are signed in already to where they wanted to go. */
export async function leaveWhenSignedIn({ client: { session } }: RouterContext, next = '/'): Promise<void> {
  if (await session.restore()) throw redirect({ href: next });
}

/** Screens for people who are not signed in. */
export const outsideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'outside',
  component: lazyRouteComponent(() => import('./outside.tsx')),
});

/** Screens for people who are signed in. Others are asked to sign in first and come back to the same address. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  component: lazyRouteComponent(() => import('./shell.tsx')),
  async beforeLoad({ context, location }) {
    const { session } = context.client;
    // The dialog over the page asks for the password of a session that has ended.
    if (session.state === 'expired' || (await session.restore())) {
      claimDrafts(session.userId);
      return;
    }
    await leaveWhenNew(context);
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
});
