import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import type { documents } from '../../../db/schema/legal/documents.ts';
import { users } from '../../../db/schema/people/users.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { failureTexts } from '../reading/failures.ts';
import type { DocumentFailure } from './letters.ts';

const unavailable = {
  en: 'A required service was temporarily unavailable. Try again later; there is no need to upload the file a second time.',
  ru: 'Часть сервера была недоступна. Повторите обработку позже: загружать файл заново не нужно.',
};

/** Notifies the uploader of a document that could not be read, if the account still exists. @param reference once for each */
export async function notifyDocumentFailure(
  tx: Transaction,
  notifications: Notifications,
  document: Pick<typeof documents.$inferSelect, 'organizationId' | 'createdBy' | 'title'>,
  reason: DocumentFailure,
  reference: string,
): Promise<void> {
  const { organizationId, createdBy, title } = document;
  if (createdBy === null) return;
  const [person] = await tx
    .select({ email: users.email, language: users.language })
    .from(users)
    .where(eq(users.id, createdBy));
  if (!person) return;
  const explanation = (reason === 'unavailable' ? unavailable : failureTexts[reason])[person.language];
  const parameters = { title, reason, explanation };
  await notifications.send(tx, { organizationId, kind: 'document-failed', reference, ...person, parameters });
}
