import type { Provided } from '../../platform/runtime/boot.ts';
import { createRouter } from '../../platform/runtime/http/router.ts';
import { accounts } from '../../platform/runtime/providers/accounts.ts';
import { keySet } from '../../platform/runtime/providers/key-set.ts';
import { getKeySet } from './routes/get-key-set.ts';
import { login } from './routes/login.ts';
import { logout } from './routes/logout.ts';
import { refresh } from './routes/refresh.ts';
import { register } from './routes/register.ts';

export const provide = { accounts, keySet };

/** Signs people up, in and out. The only function that holds the private key and sees password hashes. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  register(router, deps);
  login(router, deps);
  refresh(router, deps);
  logout(router, deps);
  getKeySet(router, deps);
  return router;
}
