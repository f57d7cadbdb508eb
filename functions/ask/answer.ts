import { z } from '@hono/zod-openapi';
import { sourcesSchema } from '../../modules/legal/answers/source-schema.ts';
import type { Passage } from '../../modules/legal/search/index.ts';

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
    sources: sourcesSchema,
    answered: z.boolean().openapi({ description: 'false when the documents do not hold the answer' }),
    model: z.string(),
    usage: z.strictObject({ promptTokens: z.int(), completionTokens: z.int(), cachedTokens: z.int() }),
    cached: z.boolean().openapi({ description: 'Answered from the cache: no tokens, but the question counts' }),
    metadata: z
      .strictObject({
        modelAlias: z.enum(['standard', 'advanced']),
        complexity: z.int().openapi({ description: 'How demanding the question is, from 0 to 10' }),
        modelReason: z
          .string()
          .openapi({ description: 'Why this model: the policy of the plan, the complexity, a fallback' }),
        attempts: z.int().openapi({
          description: 'Calls of the AI provider; 0 for an answer from the cache, or when nothing was found',
        }),
        droppedSentences: z
          .int()
          .openapi({ description: 'Sentences of the model that no cited passage supports; they are not in `answer`' }),
      })
      .openapi('AnswerMetadata'),
    conversationId: z.uuid().openapi({ description: 'Send it with the next question to go on' }),
  })
  .openapi('Answer');

export type ShownAnswer = z.output<typeof answerSchema>;

/** An answer as it is stored. What is known of its sources is looked up whenever it is shown. */
export type Answer = Omit<ShownAnswer, 'sources'>;

/** An answer before it is stored. */
export type Produced = Omit<Answer, 'conversationId'>;

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
