import { eq } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { organizations } from '../../../../db/schema/people/organizations.ts';
import { type Theme, type UserRole, users } from '../../../../db/schema/people/users.ts';
import type { Language } from '../../../../platform/kernel/problem.ts';
import type { Caller } from '../../../../platform/runtime/http/caller.ts';
import { invalidCredential } from '../../identity/index.ts';
import { listSessions, type OpenSession } from './list-sessions.ts';

/** A person as they see themselves. */
export interface Profile {
  userId: string;
  email: string;
  emailConfirmed: boolean;
  role: UserRole;
  /** Administers the whole platform. */
  administrator: boolean;
  /** Of the app and of e-mails. */
  language: Language;
  /** Colours of the app; null follows the device. */
  theme: Theme | null;
  organization: { id: string; name: string };
  sessions: OpenSession[];
}

/** @throws Problem unauthenticated when the person is gone since the token was issued */
export const readProfile = (database: Database, caller: Caller): Promise<Profile> =>
  database.transaction(async (tx) => {
    const [row] = await tx
      .select({ person: users, organization: { id: organizations.id, name: organizations.name } })
      .from(users)
      .innerJoin(organizations, eq(organizations.id, users.organizationId))
      .where(eq(users.id, caller.userId));
    if (!row) throw invalidCredential(new Error('Read profile: the person is gone'));
    const { id: userId, email, emailConfirmedAt, role, administrator, language, theme } = row.person;
    return {
      ...{ userId, email, role, administrator, language, theme },
      emailConfirmed: emailConfirmedAt !== null,
      organization: row.organization,
      sessions: await listSessions(tx, caller),
    };
  });
