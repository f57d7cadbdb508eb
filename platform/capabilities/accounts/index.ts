import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { users } from '../../../db/schema/users.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Caller, TokenIssuer } from '../identity/index.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { issueRefreshToken, revokeRefreshToken, useRefreshToken } from './refresh-family.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
}

export interface Accounts {
  /** Creates an organization with its owner. @throws Problem email-taken */
  register(account: { email: string; password: string; organization: string }): Promise<Session>;
  /** @throws Problem invalid-credentials, the same for an unknown address and a wrong password */
  signIn(email: string, password: string): Promise<Session>;
  /** @throws Problem invalid-refresh-token */
  refresh(refreshToken: string): Promise<Session>;
  signOut(refreshToken: string): Promise<void>;
}

export function createAccounts(deps: { database: Database; tokens: TokenIssuer; refreshDays: number }): Accounts {
  const { database, tokens, refreshDays } = deps;
  // A hash of what nobody knows, made when first needed: an unknown address costs as much time as a wrong password.
  let decoy: Promise<string> | undefined;
  const decoyHash = () => (decoy ??= hashPassword(crypto.randomUUID()));

  const session = async (tx: Transaction, caller: Caller, familyId?: string): Promise<Session> => ({
    accessToken: await tokens.issue(caller),
    refreshToken: await issueRefreshToken(tx, caller.userId, refreshDays, familyId),
    expiresIn: tokens.expiresIn,
  });

  return {
    async register({ email, password, organization }) {
      const passwordHash = await hashPassword(password);
      return database.transaction(async (tx) => {
        const [created] = await tx.insert(organizations).values({ name: organization }).returning();
        if (!created) throw new Error('Create organization: no row came back');
        const [owner] = await tx
          .insert(users)
          .values({ organizationId: created.id, email, passwordHash, role: 'owner' })
          .onConflictDoNothing()
          .returning();
        // Throwing undoes the organization as well.
        if (!owner) throw new Problem('email-taken');
        return session(tx, { userId: owner.id, organizationId: created.id, role: owner.role });
      });
    },

    async signIn(email, password) {
      const user = await database.transaction(async (tx) => {
        const [row] = await tx
          .select()
          .from(users)
          .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
        return row;
      });
      const matches = await verifyPassword(user?.passwordHash ?? (await decoyHash()), password);
      if (!user || !matches) throw new Problem('invalid-credentials');
      return database.transaction((tx) =>
        session(tx, { userId: user.id, organizationId: user.organizationId, role: user.role }),
      );
    },

    async refresh(refreshToken) {
      // The transaction must commit on reuse as well, so that the revocation stays; hence no throw inside.
      const renewed = await database.transaction(async (tx) => {
        const used = await useRefreshToken(tx, refreshToken);
        if (!used) return undefined;
        const [user] = await tx.select().from(users).where(eq(users.id, used.userId));
        if (!user) return undefined;
        const caller = { userId: user.id, organizationId: user.organizationId, role: user.role };
        return session(tx, caller, used.familyId);
      });
      if (!renewed) throw new Problem('invalid-refresh-token');
      return renewed;
    },

    signOut: (refreshToken) => database.transaction((tx) => revokeRefreshToken(tx, refreshToken)),
  };
}
