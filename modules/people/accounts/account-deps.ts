import type { Database } from '../../../db/client.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { SessionDeps } from './sign-in/session.ts';

/** What the operations on accounts work with. The database's login must be the one for identity. */
export interface AccountDeps extends SessionDeps {
  database: Database;
  notifications: Notifications;
}
