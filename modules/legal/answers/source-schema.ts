import { z } from '@hono/zod-openapi';
import { inArray } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Language } from '../../../platform/kernel/problem.ts';
import { describeNotice } from '../reading/notice-texts.ts';
import type { Noticed } from '../search/current-documents.ts';

const noticeSchema = z
  .strictObject({
    kind: z.string().openapi({ example: 'picture-not-read' }),
    page: z.int().nullable().openapi({ description: 'From 1; null if it belongs to no page' }),
    detail: z.string().nullable().openapi({ description: 'For example a file name' }),
    message: z.string().openapi({ description: 'The notice as a sentence, in the language of Accept-Language' }),
  })
  .openapi('Notice');

/** What every description of a document says about what of its file could not be read. */
export const noticeFields = {
  notices: z.array(noticeSchema).openapi({
    description: 'Content of the file that is missing or doubtful in its text, at most 100 entries',
  }),
  noticesOmitted: z.int().openapi({ description: 'Number of notices not listed' }),
};

export const sourcesSchema = z
  .array(z.strictObject({ documentId: z.uuid(), title: z.string(), ...noticeFields }).openapi('Source'))
  .openapi({ description: 'Documents that the answer is based on, each once, with their notices' });

export const toNotices = ({ notices, noticesOmitted }: Noticed, language: Language) => ({
  notices: notices.map((notice) => ({
    kind: notice.kind,
    page: notice.page,
    detail: notice.detail ?? null,
    message: describeNotice(notice, language),
  })),
  noticesOmitted,
});

/**
 * The documents that citations or hits come from, each once, with their notices as they are now. A document that was
 * deleted since has none.
 */
export async function sourcesOf(
  tx: Transaction,
  cited: readonly { documentId: string; title: string }[],
  language: Language,
): Promise<z.output<typeof sourcesSchema>> {
  const titles = new Map(cited.map(({ documentId, title }) => [documentId, title]));
  if (titles.size === 0) return [];
  const rows = await tx
    .select({ id: documents.id, notices: documents.notices, noticesOmitted: documents.noticesOmitted })
    .from(documents)
    .where(inArray(documents.id, [...titles.keys()]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...titles].map(([documentId, title]) => ({
    documentId,
    title,
    ...toNotices(byId.get(documentId) ?? { notices: [], noticesOmitted: 0 }, language),
  }));
}

/** The documents that hits come from, each once. */
export function sourcesOfHits(
  hits: readonly { documentId: string; title: string; noticed: Noticed }[],
  language: Language,
): z.output<typeof sourcesSchema> {
  const byId = new Map(hits.map((hit) => [hit.documentId, hit]));
  return [...byId.values()].map(({ documentId, title, noticed }) => ({
    documentId,
    title,
    ...toNotices(noticed, language),
  }));
}
