import { accounts } from '../../modules/people/accounts/provide-accounts.ts';
import { keySet } from '../../modules/people/identity/provide-key-set.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { authenticate } from '../../platform/runtime/http/authenticate.ts';
import { limitCaller } from '../../platform/runtime/http/limit-caller.ts';
import { createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { publicOrigin } from '../../platform/runtime/providers/public-origin.ts';
import { acceptInvitation } from './routes/accept-invitation.ts';
import { changePassword } from './routes/change-password.ts';
import { confirmEmail } from './routes/confirm-email.ts';
import { createFirstOwner } from './routes/create-first-owner.ts';
import { endOtherSessions } from './routes/end-other-sessions.ts';
import { endSession } from './routes/end-session.ts';
import { forgotPassword } from './routes/forgot-password.ts';
import { getKeySet } from './routes/get-key-set.ts';
import { login } from './routes/login.ts';
import { logout } from './routes/logout.ts';
import { readMe } from './routes/read-me.ts';
import { readSetup } from './routes/read-setup.ts';
import { refresh } from './routes/refresh.ts';
import { register } from './routes/register.ts';
import { resendConfirmation } from './routes/resend-confirmation.ts';
import { resetPassword } from './routes/reset-password.ts';
import { updateMe } from './routes/update-me.ts';

export const provide = { accounts, keySet, tokens, publicOrigin };

/** Signs people up, in and out, and shows them who they are. The only function that holds the private key and sees password hashes. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(keepOutOfCaches('no-store'));
  readSetup(router, deps);
  createFirstOwner(router, deps);
  register(router, deps);
  login(router, deps);
  refresh(router, deps);
  logout(router, deps);
  acceptInvitation(router, deps);
  forgotPassword(router, deps);
  resetPassword(router, deps);
  confirmEmail(router, deps);
  getKeySet(router, deps);
  for (const path of ['/api/auth/change-password', '/api/auth/resend-confirmation']) {
    router.use(path, authenticate(deps.tokens));
  }
  router.use('/api/me/*', authenticate(deps.tokens), limitCaller);
  changePassword(router, deps);
  resendConfirmation(router, deps);
  readMe(router, deps);
  updateMe(router, deps);
  endSession(router, deps);
  endOtherSessions(router, deps);
  return router;
}
