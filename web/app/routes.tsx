import type { Client } from '@pandect/client';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readSource } from '../source/address.ts';
import { Root } from './root.tsx';
import { RouteFailure } from './route-failure.tsx';

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
  async beforeLoad({ context: { client }, location }) {
    if (client.session.state === 'signed-in' || (await client.session.restore())) return;
    const setup: { open?: boolean } = await (await client.fetch('/api/setup')).json();
    if (setup.open) throw redirect({ to: '/welcome' });
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
});
