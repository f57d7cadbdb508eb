import { z } from '@hono/zod-openapi';
import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { documentStatuses, documents, documentTypes } from '../../db/schema/legal/documents.ts';
import { noticeFields, toNotices } from '../../modules/legal/answers/source-schema.ts';
import { stalledSince } from '../../modules/legal/documents/stalled.ts';
import { failureTexts } from '../../modules/legal/reading/index.ts';
import { type Language, Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';

export type DocumentRow = typeof documents.$inferSelect;

/** A row with what is known of it from elsewhere. */
export interface ShownRow extends DocumentRow {
  replacedBy: string | null;
  stalledSince: Date | null;
}

export const documentSchema = z
  .strictObject({
    id: z.uuid(),
    title: z.string(),
    fileName: z.string(),
    format: z.string().openapi({ example: 'pdf' }),
    bytes: z.int(),
    status: z.enum(documentStatuses),
    progress: z.strictObject({
      pagesDone: z.int(),
      pagesTotal: z.int().openapi({ description: '0 while unknown and for formats without pages' }),
    }),
    stalled: z.boolean().openapi({
      description: 'Processing has made no progress for a minute; it is retried automatically or fails',
    }),
    stalledSince: z.iso.datetime().nullable(),
    failure: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: 'Reason for the failure and what to do, in the language of Accept-Language' }),
    ...noticeFields,
    type: z.enum(documentTypes).nullable().openapi({ description: 'Document type; null until processed' }),
    dated: z.iso.date().nullable().openapi({ description: 'Date stated in the document' }),
    language: z.string().nullable(),
    version: z.int().openapi({ description: 'Counts from 1' }),
    replaces: z.uuid().nullable().openapi({ description: 'Previous version; replaced as soon as this one is ready' }),
    replacedBy: z.uuid().nullable().openapi({ description: 'Newer version that replaced it' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Document');

/** Failures that are ours and not the file's. */
const unavailable = {
  en: 'A part of the server was away. Try again; the file is kept.',
  ru: 'Часть сервера была недоступна. Повторите попытку; файл сохранён.',
};

export function toDocument(row: ShownRow, language: Language): z.output<typeof documentSchema> {
  const texts: Record<string, typeof unavailable> = failureTexts;
  return {
    id: row.id,
    title: row.title,
    fileName: row.fileName,
    format: row.format,
    bytes: row.bytes,
    status: row.status,
    progress: { pagesDone: row.pagesDone, pagesTotal: row.pagesTotal },
    stalled: row.stalledSince !== null,
    stalledSince: row.stalledSince?.toISOString() ?? null,
    failure:
      row.failure === null ? null : { code: row.failure, message: (texts[row.failure] ?? unavailable)[language] },
    ...toNotices(row, language),
    type: row.type,
    dated: row.dated,
    language: row.language,
    version: row.version,
    replaces: row.replaces,
    replacedBy: row.replacedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The columns of a `ShownRow`, to be selected from `documents`. */
export const shownColumns = {
  ...getTableColumns(documents),
  replacedBy: sql<string | null>`(
    select newer.id from documents newer
    where newer.replaces = "documents"."id" and newer.status in ('ready', 'replaced') limit 1)`,
  stalledSince,
};

/** @throws Problem not-found, also for another organization's document */
export async function findDocument(tx: Transaction, id: string): Promise<ShownRow> {
  const [row] = await tx.select(shownColumns).from(documents).where(eq(documents.id, id));
  if (!row) throw new Problem(notFound);
  return row;
}
