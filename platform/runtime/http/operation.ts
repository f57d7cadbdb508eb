import { z } from '@hono/zod-openapi';
import { Problem, type ProblemDefinition } from '../../kernel/problem.ts';
import {
  internal,
  invalidRequest,
  malformedJson,
  overloaded,
  payloadTooLarge,
  rateLimited,
  timeout,
  unavailable,
  unsupportedMediaType,
} from '../../kernel/problems.ts';

/** Pieces that every operation's description shares. */

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:pandect:problem:not-found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .loose()
  .openapi('Problem');

/** A required JSON request body. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  content: { 'application/json': { schema } },
  required: true,
});

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});

/** What any operation with a JSON body can answer. */
export const bodyProblems = [malformedJson, invalidRequest, payloadTooLarge, unsupportedMediaType];

/**
 * The media type of an answer by server-sent events. Each property of the component `events` is the name of an event, and its schema
 * that of the event's data. The component is registered by the route, as nothing but an annotation refers to it.
 */
export const eventStream = (events: string) => ({
  'text/event-stream': {
    schema: z.string().openapi({
      contentMediaType: 'text/event-stream',
      contentSchema: { $ref: `#/components/schemas/${events}` },
    } as object),
  },
});

/** The problem responses of an operation; those that the shared middleware gives are always among them. */
export function problems(...definitions: ProblemDefinition[]) {
  const byStatus: Record<number, { content: object; description: string }> = {};
  for (const { type, status } of [...definitions, rateLimited, internal, overloaded, unavailable, timeout]) {
    const earlier = byStatus[status]?.description;
    byStatus[status] = {
      content: { 'application/problem+json': { schema: problemSchema } },
      description: earlier ? `${earlier}, ${type}` : type,
    };
  }
  return byStatus as Record<
    number,
    { content: { 'application/problem+json': { schema: typeof problemSchema } }; description: string }
  >;
}

/** What people write, up to `max` characters; without NUL, which the database's texts cannot hold. */
export const words = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !text.includes('\0'), { message: 'must not contain NUL' });

/** Operations that need an access token. */
export const bearer = [{ bearer: [] }];

export const idParameter = z.object({ id: z.uuid().openapi({ param: { name: 'id', in: 'path' } }) });

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'Repeating a request under the same key gives the first answer and does nothing twice' }),
});

/** For an operation that reads its request itself. @throws Problem invalid-request */
export function readIdempotencyKey(value: string | undefined): string | undefined {
  const result = idempotencyHeader.shape['idempotency-key'].safeParse(value);
  if (result.success) return result.data;
  const message = result.error.issues.map((issue) => issue.message).join('; ');
  throw new Problem(invalidRequest, { errors: [{ path: 'header.idempotency-key', message }] });
}
