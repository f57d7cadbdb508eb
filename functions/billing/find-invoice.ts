import { and, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { invoices } from '../../db/schema/commerce/invoices.ts';
import type { Invoice } from '../../modules/commerce/billing/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';

/** @throws Problem not-found */
export async function findInvoice(database: Database, organizationId: string, id: string): Promise<Invoice> {
  const ours = and(eq(invoices.id, id), eq(invoices.organizationId, organizationId));
  const [row] = await database.tenant(organizationId, (tx) => tx.select().from(invoices).where(ours));
  if (!row) throw new Problem(notFound);
  return row;
}
