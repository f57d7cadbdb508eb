import { z } from '@hono/zod-openapi';
import { sourcesSchema } from '../answers/source-schema.ts';
import type { Passage } from '../search/index.ts';

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
    answer: z.string().openapi({ description: 'A marker `[k]` after a statement refers to `citations[k - 1]`' }),
    citations: z.array(citationSchema),
    sources: sourcesSchema,
    answered: z.boolean().openapi({ description: 'false when the documents do not contain the answer' }),
    model: z.string(),
    usage: z.strictObject({ promptTokens: z.int(), completionTokens: z.int(), cachedTokens: z.int() }),
    incomplete: z.boolean().openapi({
      description: 'Stopped before its end. Whole sentences are cited as ever; the words after them are as they came',
    }),
    cached: z.boolean().openapi({ description: 'Answered from the cache: uses no tokens, but counts as a question' }),
    metadata: z
      .strictObject({
        modelAlias: z.enum(['standard', 'advanced']),
        complexity: z.int().openapi({ description: 'Complexity of the question, from 0 to 10' }),
        modelReason: z
          .string()
          .openapi({ description: 'Reason for the choice of model: plan policy, complexity or fallback' }),
        attempts: z.int().openapi({
          description: 'Number of calls to the AI provider; 0 for a cached answer or when nothing was found',
        }),
        droppedSentences: z
          .int()
          .openapi({ description: 'Sentences of the model that no cited passage supports; `answer` omits them' }),
      })
      .openapi('AnswerMetadata'),
    conversationId: z.uuid().openapi({ description: 'Send it with the next question to continue the conversation' }),
  })
  .openapi('Answer');

export type ShownAnswer = z.output<typeof answerSchema>;

/** An answer as it is stored. What is known of its sources is looked up whenever it is shown. */
export type Answer = Omit<ShownAnswer, 'sources'>;

/** An answer before it is stored. */
export type Produced = Omit<Answer, 'conversationId'>;

const shownPassageSchema = z
  .strictObject({
    number: z.int().openapi({ description: 'Counts from 1' }),
    ...citationSchema.pick({ documentId: true, title: true, page: true, start: true, end: true }).shape,
    text: z.string(),
  })
  .openapi('ShownPassage');

/** The events of a streamed answer by name, each with its data. */
export const askEventsSchema = z.strictObject({
  passages: z.strictObject({ passages: z.array(shownPassageSchema) }),
  delta: z.strictObject({ text: z.string().openapi({ description: 'The next piece of the answer' }) }),
  citations: answerSchema.pick({ answer: true, citations: true, sources: true, answered: true }),
  usage: answerSchema.shape.usage,
  done: answerSchema,
});

/** A passage as streams show it, before any answer. */
export const toShownPassage = (
  { documentId, title, page, start, end, text }: Passage,
  index: number,
): z.output<typeof shownPassageSchema> => ({
  number: index + 1,
  documentId,
  title,
  page,
  start,
  end,
  text,
});
