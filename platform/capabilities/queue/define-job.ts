import type { z } from 'zod';

/** A kind of job: the contract between those who send it and the worker of its queue. */
export interface Job<Schema extends z.ZodType = z.ZodType> {
  /** The name of the worker that does it. */
  queue: string;
  /** Of the payload. It is checked when the job is sent, and by the worker when it begins. */
  schema: Schema;
  /** Whose work it is: jobs of one group share the worker fairly with other groups. */
  group?(payload: z.output<Schema>): string;
}

/** Defines a job. The definition stands in the module that owns the work, so that functions and workers share it. */
export const defineJob = <Schema extends z.ZodType>(job: Job<Schema>): Job<Schema> => job;

/** @throws when the payload is not what the job takes; names the fields, never their values */
export function checkPayload<Schema extends z.ZodType>(job: Job<Schema>, payload: unknown): z.output<Schema> {
  const result = job.schema.safeParse(payload);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => `${path.join('.') || 'payload'}: ${message}`);
  throw new Error(`Send job to "${job.queue}": ${fields.join('; ')}`);
}
