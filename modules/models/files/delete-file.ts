import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { gatewayFiles } from '../../../db/schema/models/gateway-files.ts';
import { deletedFiles } from '../../../db/schema/platform/deleted-files.ts';
import { findFile } from './list-files.ts';

/** Removes a file's row; its content stays for the days of grace, like that of documents. @throws Problem not-found */
export async function deleteFile(tx: Transaction, publicId: string): Promise<void> {
  const { id, organizationId, storageKey } = await findFile(tx, publicId);
  const gone = await tx.delete(gatewayFiles).where(eq(gatewayFiles.id, id)).returning({ id: gatewayFiles.id });
  if (gone.length > 0) await tx.insert(deletedFiles).values({ storageKey, organizationId });
}
