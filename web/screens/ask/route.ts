import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

const component = lazyRouteComponent(() => import('./ask.tsx'));

/** A new conversation. */
export const askRoute = createRoute({ getParentRoute: () => insideRoute, path: '/', component });

export const conversationRoute = createRoute({ getParentRoute: () => insideRoute, path: '/c/$id', component });
