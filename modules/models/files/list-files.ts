import { and, asc, desc, eq, gt, lt, or, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Transaction } from '../../../db/client.ts';
import { type FilePurpose, gatewayFiles } from '../../../db/schema/models/gateway-files.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { readPublicId } from './public-id.ts';

export type FileRow = typeof gatewayFiles.$inferSelect;

/** One page of a list, as OpenAI's clients ask for it. */
export interface Page {
  limit: number;
  /** The last one of the page before. */
  after?: string | undefined;
  order?: 'asc' | 'desc' | undefined;
}

/** @throws Problem not-found */
export async function findFile(tx: Transaction, publicId: string): Promise<FileRow> {
  const id = readPublicId('file-', publicId);
  const [row] = id === undefined ? [] : await tx.select().from(gatewayFiles).where(eq(gatewayFiles.id, id));
  if (!row) throw new Problem(notFound);
  return row;
}

/** @returns one more than the page holds when there are more */
export async function listFiles(
  tx: Transaction,
  { purpose, ...page }: Page & { purpose?: FilePurpose | undefined },
): Promise<FileRow[]> {
  const last = page.after === undefined ? undefined : await findFile(tx, page.after);
  const { where, orderBy } = pageOf(gatewayFiles, page, last);
  return tx
    .select()
    .from(gatewayFiles)
    .where(and(where, purpose && eq(gatewayFiles.purpose, purpose)))
    .orderBy(...orderBy)
    .limit(page.limit + 1);
}

/** Conditions and order of a page of records by their age. */
export function pageOf(
  table: { createdAt: PgColumn; id: PgColumn },
  { order = 'desc' }: Page,
  last: { createdAt: Date; id: string } | undefined,
): { where: SQL | undefined; orderBy: SQL[] } {
  const [beyond, by] = order === 'asc' ? [gt, asc] : [lt, desc];
  return {
    where:
      last &&
      or(beyond(table.createdAt, last.createdAt), and(eq(table.createdAt, last.createdAt), beyond(table.id, last.id))),
    orderBy: [by(table.createdAt), by(table.id)],
  };
}
