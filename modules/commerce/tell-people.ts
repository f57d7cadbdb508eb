import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { notifications as told } from '../../db/schema/messages/notifications.ts';
import { type UserRole, users } from '../../db/schema/people/users.ts';
import type { Notification, Notifications } from '../../platform/capabilities/outbox/index.ts';

type WithoutPerson<T> = T extends unknown ? Omit<T, 'email' | 'language'> : never;

/** Writes to everyone with one of these roles in the organization who has no such letter yet, each in their language. */
export async function tellPeople(
  tx: Transaction,
  notifications: Notifications,
  roles: readonly UserRole[],
  message: WithoutPerson<Notification>,
): Promise<void> {
  const { organizationId, kind, reference } = message;
  const again = sql`select 1 from ${told} where ${told.organizationId} = ${organizationId}
    and ${told.kind} = ${kind} and ${told.reference} = ${reference} and ${told.email} = ${users.email}`;
  const people = await tx
    .select({ email: users.email, language: users.language })
    .from(users)
    .where(and(eq(users.organizationId, organizationId), inArray(users.role, [...roles]), sql`not exists (${again})`));
  for (const person of people) await notifications.send(tx, { ...message, ...person });
}
