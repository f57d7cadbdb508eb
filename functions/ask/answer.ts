import { z } from '@hono/zod-openapi';
import type { Passage } from '../../platform/capabilities/retrieval/index.ts';

export interface Question {
  question: string;
  documentIds?: string[] | undefined;
  conversationId?: string | undefined;
}

export const citationSchema = z
  .strictObject({
    documentId: z.uuid(),
    title: z.string(),
    page: z.int().nullable().openapi({ description: 'Page on which the quote starts; null for formats without pages' }),
    start: z.int().openapi({ description: 'Offset into the text of `/api/documents/{id}/text`, in UTF-16 code units' }),
    end: z.int(),
    quote: z.string().openapi({ description: 'Exactly the text from `start` to `end`' }),
  })
  .openapi('Citation');

export const answerSchema = z
  .strictObject({
    answer: z.string().openapi({ description: 'A marker `[k]` behind a statement names `citations[k - 1]`' }),
    citations: z.array(citationSchema),
    answered: z.boolean().openapi({ description: 'false when the documents do not hold the answer' }),
    model: z.string(),
    usage: z.strictObject({ promptTokens: z.int(), completionTokens: z.int(), cachedTokens: z.int() }),
    cached: z.boolean(),
    conversationId: z.uuid().openapi({ description: 'Send it with the next question to go on' }),
  })
  .openapi('Answer');

export type Answer = z.output<typeof answerSchema>;

/** An answer before it is stored, with what only the records keep. */
export type Produced = Omit<Answer, 'conversationId'> & { modelReason: string };

/** A passage as streams show it, before any answer. */
export const toShownPassage = ({ documentId, title, page, start, end, text }: Passage, index: number) => ({
  number: index + 1,
  documentId,
  title,
  page,
  start,
  end,
  text,
});
