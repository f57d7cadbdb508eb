import { eq } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { type Theme, users } from '../../../../db/schema/people/users.ts';
import type { Language } from '../../../../platform/kernel/problem.ts';

/** What is missing stays as it is. */
export interface ProfileChange {
  language?: Language | undefined;
  theme?: Theme | null | undefined;
}

export async function updateProfile(database: Database, userId: string, change: ProfileChange): Promise<void> {
  if (Object.values(change).every((value) => value === undefined)) return;
  await database.transaction((tx) => tx.update(users).set(change).where(eq(users.id, userId)));
}
