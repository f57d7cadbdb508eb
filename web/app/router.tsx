import { createRouter } from '@tanstack/react-router';
import { Loading } from '../parts/loading.tsx';
import { askRoute, conversationRoute } from '../screens/ask/route.ts';
import { auditRoute } from '../screens/audit/route.ts';
import { botsRoute } from '../screens/bots/route.ts';
import { compareRoute } from '../screens/compare/route.ts';
import { confirmEmailRoute } from '../screens/confirm-email/route.ts';
import { dataRoute } from '../screens/data/route.ts';
import { documentRoute } from '../screens/document/route.ts';
import { documentsRoute } from '../screens/documents/route.ts';
import { forgotPasswordRoute } from '../screens/forgot-password/route.ts';
import { imagesRoute } from '../screens/images/route.ts';
import { invitationRoute } from '../screens/invitation/route.ts';
import { invoicesRoute } from '../screens/invoices/route.ts';
import { keysRoute } from '../screens/keys/route.ts';
import { peopleRoute } from '../screens/people/route.ts';
import { plansRoute } from '../screens/plans/route.ts';
import { registerRoute } from '../screens/register/route.ts';
import { resetPasswordRoute } from '../screens/reset-password/route.ts';
import { searchRoute } from '../screens/search/route.ts';
import { settingsRoute } from '../screens/settings/route.ts';
import { signInRoute } from '../screens/sign-in/route.ts';
import { subscriptionRoute } from '../screens/subscription/route.ts';
import { usageRoute } from '../screens/usage/route.ts';
import { welcomeRoute } from '../screens/welcome/route.ts';
import { NotFound, RouteFailure } from './route-failure.tsx';
import { insideRoute, outsideRoute, type RouterContext, rootRoute } from './routes.tsx';

const outside = [
  welcomeRoute,
  signInRoute,
  registerRoute,
  confirmEmailRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  invitationRoute,
];

const inside = [
  askRoute,
  conversationRoute,
  documentsRoute,
  documentRoute,
  compareRoute,
  searchRoute,
  peopleRoute,
  keysRoute,
  auditRoute,
  dataRoute,
  botsRoute,
  usageRoute,
  subscriptionRoute,
  plansRoute,
  invoicesRoute,
  imagesRoute,
  settingsRoute,
];

const tree = rootRoute.addChildren([outsideRoute.addChildren(outside), insideRoute.addChildren(inside)]);

/** Where the app is served from: `/`, or the address of a preview, as the page itself says. */
function basePath(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="base"]')?.content ?? '/';
}

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree: tree,
    context,
    basepath: basePath(),
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: RouteFailure,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
