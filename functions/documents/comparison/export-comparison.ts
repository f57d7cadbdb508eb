import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import type { Comparer } from '../../../modules/legal/compare/comparer.ts';
import { redlineWords } from '../../../modules/legal/compare/redline-words.ts';
import { comparisonTooLarge, wrongState } from '../../../modules/legal/problems.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { attachment } from '../../../platform/runtime/http/attachment.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { comparedIds, readCompared } from './compared.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/compare/{other}/docx',
  operationId: 'exportComparison',
  tags: ['documents'],
  summary: 'A Word document with the differences as tracked changes',
  description: 'Its headings are in the language of Accept-Language.',
  security: bearer,
  request: { params: comparedIds },
  responses: {
    200: {
      content: { [DOCX]: { schema: z.any().openapi({ type: 'string', format: 'binary' }) } },
      description: 'The document',
    },
    ...problems(invalidRequest, unauthenticated, notFound, wrongState, comparisonTooLarge),
  },
});

export function exportComparison(router: Router, deps: { database: Database; comparer: Comparer }): void {
  router.openapi(route, async (c) => {
    const texts = await readCompared(deps.database, c.var.caller, c.req.valid('param'), 'export-comparison');
    const { language } = c.var;
    const answer = await deps.comparer.compare({ ...texts, form: { docx: language } }, c.req.raw.signal);
    if (!('docx' in answer)) throw new Error('Export comparison: another answer came than was asked for');
    return c.body(Buffer.from(answer.docx), 200, {
      'content-type': DOCX,
      'content-disposition': attachment(`${redlineWords[language].title} - ${texts.after.title}.docx`),
    }) as never;
  });
}
