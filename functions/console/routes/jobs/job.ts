import { z } from '@hono/zod-openapi';
import { jobStates } from '../../../../platform/kernel/job-state.ts';
import { scrub } from '../../../../platform/kernel/telemetry/scrub.ts';

export const stateSchema = z.enum(jobStates);
export const queueName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a queue');

export const jobSchema = z
  .object({
    id: z.uuid(),
    queue: z.string(),
    state: stateSchema,
    attempt: z.int().openapi({ description: 'Attempts that were begun' }),
    attempts: z.int().openapi({ description: 'How many there may be' }),
    organization: z.string().nullable(),
    payload: z.record(z.string(), z.string()).openapi({ description: 'Ids of what it is about' }),
    createdAt: z.string(),
    startsAt: z.string().nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    lastError: z.string().nullable().openapi({ description: 'Of the last attempt, without words of people' }),
  })
  .openapi('ConsoleJob');

/** As the function `operator` has it. */
export const storedJobSchema = jobSchema.omit({ payload: true, lastError: true }).extend({
  about: z.record(z.string(), z.unknown()),
  error: z.string().nullable(),
});

export const toJob = ({ about, error, ...job }: z.output<typeof storedJobSchema>): z.output<typeof jobSchema> => ({
  ...job,
  payload: Object.fromEntries(Object.entries(about).map(([name, value]) => [name, String(value).slice(0, 100)])),
  lastError: error === null ? null : scrub(error),
});
