import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { documents } from '../../db/schema/legal/documents.ts';
import { users } from '../../db/schema/people/users.ts';
import type { NotificationParameters, Notifications } from './contract.ts';

/** Writes to whoever uploaded a document that could not be read, if that person is still there. @param reference once for each */
export async function tellDocumentFailure(
  tx: Transaction,
  notifications: Notifications,
  document: Pick<typeof documents.$inferSelect, 'organizationId' | 'createdBy' | 'title'>,
  reason: NotificationParameters['document-failed']['reason'],
  reference: string,
): Promise<void> {
  const { organizationId, createdBy, title } = document;
  if (createdBy === null) return;
  const [person] = await tx
    .select({ email: users.email, language: users.language })
    .from(users)
    .where(eq(users.id, createdBy));
  if (!person) return;
  const parameters = { title, reason };
  await notifications.send(tx, { organizationId, kind: 'document-failed', reference, ...person, parameters });
}
