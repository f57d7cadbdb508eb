import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import type { Notification } from '../../../platform/capabilities/outbox/index.ts';
import type { BillingDeps } from './billing-deps.ts';

type Message = Extract<Notification, { kind: 'invoice' | 'payment' | 'subscription' }>;
type WithoutPerson<T> = T extends unknown ? Omit<T, 'email' | 'language'> : never;

/** Writes to the owners of an organization, each in their language. */
export async function tellOwners(
  tx: Transaction,
  { notifications }: BillingDeps,
  message: WithoutPerson<Message>,
): Promise<void> {
  const owners = await tx
    .select({ email: users.email, language: users.language })
    .from(users)
    .where(and(eq(users.organizationId, message.organizationId), eq(users.role, 'owner')));
  for (const owner of owners) await notifications.send(tx, { ...message, ...owner });
}
