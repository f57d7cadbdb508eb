import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import type { Comparer } from '../../../modules/legal/compare/comparer.ts';
import { clauseChanges } from '../../../modules/legal/compare/contract.ts';
import { comparisonTooLarge, wrongState } from '../../../modules/legal/problems.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { comparedIds, comparisonTag, readCompared, spanOf } from './compared.ts';

const clause = z.strictObject({
  change: z.enum(clauseChanges).openapi({
    description:
      '`renumbered`: only the number differs. `moved`: it stands at another place among the others, with or without edits',
  }),
  label: z.string().nullable().openapi({ description: 'Number and title; null without' }),
  before: spanOf('In the text of `id`; null for an inserted clause'),
  after: spanOf('In the text of `other`; null for a removed clause'),
  edits: z.array(z.array(z.int()).length(4)).openapi({
    description:
      'Places where words differ: start and end before, start and end after. One of both is empty where words were only inserted or only removed.',
    example: [[120, 126, 118, 124]],
  }),
});

const comparison = z
  .strictObject({
    clauses: z.array(clause).openapi({ description: 'In the order of the later text, removed ones where they stood' }),
    counts: z.strictObject({
      same: z.int(),
      renumbered: z.int(),
      changed: z.int(),
      moved: z.int(),
      inserted: z.int(),
      removed: z.int(),
      wordsInserted: z.int(),
      wordsRemoved: z.int(),
    }),
  })
  .openapi('Comparison');

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/compare/{other}',
  operationId: 'compareDocuments',
  tags: ['documents'],
  summary: 'Compare two documents clause by clause',
  description:
    'Takes the text of `id` for the earlier one. Both may be versions of one document, replaced ones too. Offsets count UTF-16 code units of the texts; white space makes no difference.',
  security: bearer,
  request: { params: comparedIds },
  responses: {
    200: json(comparison, 'What differs'),
    304: { description: 'Not modified: the copy named by If-None-Match is current' },
    ...problems(invalidRequest, unauthenticated, notFound, wrongState, comparisonTooLarge),
  },
});

export function compareDocuments(router: Router, deps: { database: Database; comparer: Comparer }): void {
  router.openapi(route, async (c) => {
    const ids = c.req.valid('param');
    const texts = await readCompared(deps.database, c.var.caller, ids, 'compare-documents');
    const headers = { etag: comparisonTag('json', ids), 'cache-control': 'private, no-cache' };
    if (c.req.header('if-none-match') === headers.etag) return c.body(null, 304, headers);
    const answer = await deps.comparer.compare({ ...texts, form: 'comparison' }, c.req.raw.signal);
    if (!('comparison' in answer)) throw new Error('Compare documents: another answer came than was asked for');
    return c.json(answer.comparison, 200, headers);
  });
}
