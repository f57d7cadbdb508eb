import { z } from '@hono/zod-openapi';

export const lineSchema = z
  .object({
    at: z.string(),
    unit: z.string(),
    release: z.string().nullable(),
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
      .nullable()
      .openapi({ description: 'Null for what a program printed when it could not log any more' }),
    message: z.string(),
    requestId: z.string().nullable(),
    fields: z.record(z.string(), z.unknown()),
  })
  .openapi('ConsoleLogLine');

/** Which lines are shown. */
export const filterSchema = z.object({
  unit: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .optional()
    .openapi({ description: 'Of this unit, or of `supervisor`; all of them without it' }),
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .optional()
    .openapi({ description: 'This, and what is worse' }),
  request: z.string().min(1).max(200).optional().openapi({ description: 'Id of a request' }),
  text: z.string().min(1).max(200).optional().openapi({ description: 'Somewhere in the line, in any case' }),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
});

export const placeSchema = z.string().regex(/^[\w-]{1,12000}$/, 'must be a place that a page of logs named');

/** The query of the supervisor for these. */
export function queryOf(
  { since, until, ...filter }: z.output<typeof filterSchema>,
  more: { limit?: number; from?: string | undefined },
): string {
  const ms = (time: string | undefined) => (time === undefined ? undefined : String(Date.parse(time)));
  const all = { ...filter, since: ms(since), until: ms(until), limit: more.limit?.toString(), from: more.from };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
