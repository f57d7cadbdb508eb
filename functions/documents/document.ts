import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { documentStatuses, documents } from '../../db/schema/documents.ts';
import { failureTexts } from '../../platform/capabilities/documents/index.ts';
import { type Language, Problem } from '../../platform/kernel/problem.ts';

export type DocumentRow = typeof documents.$inferSelect;

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
      pagesTotal: z.int().openapi({ description: '0 while it is not known, and for formats without pages' }),
    }),
    failure: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: 'Why it failed and what to do' }),
    language: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Document');

/** Failures that are ours and not the file's. */
const unavailable = {
  en: 'A part of the server was away. Try again; the file is kept.',
  ru: 'Часть сервера была недоступна. Повторите попытку; файл сохранён.',
};

export function toDocument(row: DocumentRow, language: Language): z.output<typeof documentSchema> {
  const texts: Record<string, typeof unavailable> = failureTexts;
  return {
    id: row.id,
    title: row.title,
    fileName: row.fileName,
    format: row.format,
    bytes: row.bytes,
    status: row.status,
    progress: { pagesDone: row.pagesDone, pagesTotal: row.pagesTotal },
    failure:
      row.failure === null ? null : { code: row.failure, message: (texts[row.failure] ?? unavailable)[language] },
    language: row.language,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** @throws Problem not-found, also for another organization's document */
export async function findDocument(tx: Transaction, id: string): Promise<DocumentRow> {
  const [row] = await tx.select().from(documents).where(eq(documents.id, id));
  if (!row) throw new Problem('not-found');
  return row;
}
