import { createRoute, z } from '@hono/zod-openapi';
import { and, asc, eq, gte, lte } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { recognizedPages } from '../../../db/schema/legal/recognized-pages.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const page = z.coerce.number().int().min(1).max(100_000);

const wordBox = z
  .array(z.number())
  .length(6)
  .openapi({ description: 'start, end, x, y, width, height', example: [120, 128, 72.5, 310.2, 41.8, 9.6] });

const pages = z
  .strictObject({
    pageStarts: z.array(z.int()).openapi({
      description: 'Offset at which each page starts in the text; empty for formats without pages',
      example: [0, 1840, 3902],
    }),
    recognized: z
      .array(
        z.strictObject({
          page: z.int().openapi({ description: 'Counts from 1' }),
          width: z.number().openapi({ description: 'Of the page as it is displayed, in points' }),
          height: z.number(),
          words: z.array(wordBox).openapi({
            description:
              'Words in the order of the text: start and end in it, then the box on the page in points from the upper left corner. Words whose place in the text is not certain are missing.',
          }),
        }),
      )
      .openapi({ description: 'Pages that were recognized from their picture' }),
  })
  .openapi('DocumentPages');

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/pages',
  operationId: 'readDocumentPages',
  tags: ['documents'],
  summary: 'Where pages start, and where the words of scanned pages stand',
  description:
    'Offsets count UTF-16 code units of the text of the document, as those of hits and citations do. Documents that were read before word boxes were kept have none.',
  security: bearer,
  request: {
    params: idParameter,
    query: z.object({
      firstPage: page.optional().openapi({ description: 'Recognized pages from this one on' }),
      lastPage: page.optional().openapi({ description: 'Recognized pages up to this one' }),
    }),
  },
  responses: {
    200: json(pages, 'Pages of the document'),
    304: { description: 'Not modified: the copy named by If-None-Match is current' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

/** Numbers of a stored word. */
const NUMBERS = 6;

export function readPages(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { firstPage, lastPage } = c.req.valid('query');
    // A text never changes once it is stored, and its pages do not either.
    const headers = { etag: `"pages-${id}"`, 'cache-control': 'private, no-cache' };
    const isKnown = c.req.header('if-none-match') === headers.etag;
    const found = await database.tenant(c.var.caller.organizationId, async (tx) => {
      const [text] = await tx
        .select({ pageStarts: documentTexts.pageStarts })
        .from(documentTexts)
        .where(eq(documentTexts.documentId, id));
      if (!text || isKnown) return text && { ...text, rows: [] };
      const rows = await tx
        .select()
        .from(recognizedPages)
        .where(
          and(
            eq(recognizedPages.documentId, id),
            firstPage === undefined ? undefined : gte(recognizedPages.page, firstPage),
            lastPage === undefined ? undefined : lte(recognizedPages.page, lastPage),
          ),
        )
        .orderBy(asc(recognizedPages.page));
      return { ...text, rows };
    });
    if (!found) throw new Problem(notFound);
    if (isKnown) return c.body(null, 304, headers);
    const recognized = found.rows.map(({ page: number, width, height, words }) => ({
      ...{ page: number, width, height },
      words: toBoxes(words),
    }));
    return c.json({ pageStarts: found.pageStarts, recognized }, 200, headers);
  });
}

/** Stored numbers as words, with boxes in points. */
function toBoxes(stored: readonly number[]): number[][] {
  const boxes: number[][] = [];
  for (let at = 0; at < stored.length; at += NUMBERS) {
    const [start = 0, end = 0, ...tenths] = stored.slice(at, at + NUMBERS);
    boxes.push([start, end, ...tenths.map((each) => each / 10)]);
  }
  return boxes;
}
