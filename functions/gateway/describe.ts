import { createRoute, z } from '@hono/zod-openapi';
import { bearer, jsonBody } from '../../platform/runtime/http/operation.ts';

interface Described {
  method: 'get' | 'post' | 'delete';
  /** Of success; 200 unless given. */
  status?: 200 | 202;
  path: string;
  operationId: string;
  summary: string;
  /** Those fields of the request that the gateway itself reads; all others are the upstream's. */
  body?: z.ZodRawShape;
  /** Those of a form in place of a JSON body. */
  form?: z.ZodRawShape;
  params?: z.ZodRawShape;
  query?: z.ZodRawShape;
  /** Types of what it answers besides JSON. */
  types?: string[];
  /** Whether it answers `Range`. */
  parts?: boolean;
  /** What errors look like; OpenAI's unless given. */
  error?: z.ZodType;
}

const openAiError = z
  .looseObject({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      code: z.string().nullable(),
      param: z.string().nullable(),
    }),
  })
  .openapi('OpenAiError');

export const anthropicError = z
  .looseObject({
    type: z.literal('error'),
    error: z.looseObject({ type: z.string(), message: z.string() }),
    request_id: z.string(),
  })
  .openapi('AnthropicError');

const errors: Record<number, string> = {
  400: 'A request that is malformed, or asks for what the model cannot do',
  401: 'No credential, or one that is not valid',
  404: 'A model that does not exist, or that the key may not call',
  409: 'A request with the same Idempotency-Key was taken over',
  413: 'The body is too large',
  415: 'Another type of body',
  422: 'The Idempotency-Key was used for another request',
  429: 'A limit or a budget is reached, of the caller or of the provider',
  500: 'An error of the gateway',
  502: 'The provider failed',
  503: 'No provider is available, or the gateway is overloaded',
  504: 'The provider took too long',
};

/**
 * Describes an operation for the API description. Requests are read without these schemas: those of OpenAI and Anthropic change every
 * week, and their clients know them.
 */
export function describeOperation({
  body,
  form,
  params,
  query,
  status = 200,
  types = [],
  parts = false,
  error = openAiError,
  ...described
}: Described) {
  const json = { 'application/json': { schema: z.looseObject({}) } };
  const content = { ...json, ...Object.fromEntries(types.map((type) => [type, { schema: z.string() }])) };
  const failures = Object.entries(parts ? { ...errors, 416: 'The range is outside of the file' } : errors).map(
    ([status, description]) => [status, { description, content: { 'application/json': { schema: error } } }],
  );
  return createRoute({
    ...described,
    ...{ tags: ['gateway'], security: bearer },
    request: {
      ...(body && { body: jsonBody(z.looseObject(body)) }),
      ...(form && { body: { required: true, content: { 'multipart/form-data': { schema: z.object(form) } } } }),
      ...(params && { params: z.object(params) }),
      ...(query && { query: z.object(query) }),
    },
    responses: {
      [status]: {
        description: 'The answer',
        content,
      },
      ...(parts && { 206: { description: 'A part of the file', content } }),
      ...Object.fromEntries(failures),
    },
  });
}
