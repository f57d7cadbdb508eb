import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { documentTypes } from '../../../db/schema/legal/documents.ts';
import { recordUsageAlone } from '../../../modules/commerce/metering/index.ts';
import { sourcesOfHits, sourcesSchema } from '../../../modules/legal/answers/source-schema.ts';
import { readQuestion } from '../../../modules/legal/question/index.ts';
import type { Retrieval } from '../../../modules/legal/search/index.ts';
import { aiFailed } from '../../../modules/models/problems.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const hitSchema = z
  .strictObject({
    documentId: z.uuid(),
    title: z.string(),
    page: z.int().nullable().openapi({ description: 'From 1; null for formats without pages' }),
    start: z.int().openapi({ description: 'Offset into the text of `/api/documents/{id}/text`, in UTF-16 code units' }),
    end: z.int(),
    text: z.string().openapi({ description: 'The article, section or clause: exactly the text from `start` to `end`' }),
    headingPath: z.array(z.string()).openapi({ description: 'Headings above the best match, outermost first' }),
    highlights: z
      .array(z.strictObject({ start: z.int(), end: z.int() }))
      .openapi({ description: "Positions of the query's words and their legal synonyms in the document" }),
    score: z.number().openapi({ description: 'Higher is better; only comparable within one answer' }),
  })
  .openapi('SearchHit');

const day = z.iso.date().refine((written) => written >= '0001-01-01', 'not a day of the calendar');

const filters = {
  documentIds: z.array(z.uuid()).min(1).max(100).optional(),
  types: z.array(z.enum(documentTypes)).min(1).max(documentTypes.length).optional(),
  languages: z
    .array(z.enum(['ru', 'en']))
    .min(1)
    .max(2)
    .optional(),
  datedFrom: day
    .optional()
    .openapi({ description: 'Earliest document date (inclusive). Undated documents are excluded' }),
  datedTo: day.optional().openapi({ description: 'Latest document date (inclusive). Undated documents are excluded' }),
};

const route = createRoute({
  method: 'post',
  path: '/api/search',
  operationId: 'searchPassages',
  tags: ['search'],
  summary: 'Find passages in your documents',
  security: bearer,
  request: {
    body: jsonBody(
      z.strictObject({
        query: words(4000),
        limit: z.int().min(1).max(50).default(10),
        ...filters,
      }),
    ),
  },
  responses: {
    200: json(z.strictObject({ hits: z.array(hitSchema), sources: sourcesSchema }), 'Passages, best first'),
    ...problems(...bodyProblems, unauthenticated, aiFailed),
  },
});

export function searchPassages(
  router: Router,
  { database, retrieval }: { database: Database; retrieval: Retrieval },
): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { query, ...scope } = c.req.valid('json');
    const passages = await retrieval.search(caller.organizationId, {
      ...scope,
      question: readQuestion(query),
      signal: c.req.raw.signal,
    });
    await recordUsageAlone(database, caller, { action: 'search', metadata: { requestId: c.var.requestId } });
    const sources = sourcesOfHits(passages, c.var.language);
    const hits = passages.map(({ pageStarts: _, noticed: __, ...hit }) => hit);
    return c.json({ hits, sources }, 200);
  });
}
