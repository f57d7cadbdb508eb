import { z } from 'zod';

/** All that any process needs to follow a task: where it stands follows from the time. */
const schema = z.object({
  /** When it was submitted, in milliseconds since 1970. */
  at: z.number().int(),
  seconds: z.number().min(0),
  steps: z.number().int().min(1),
  width: z.number().int().min(1).max(4096),
  height: z.number().int().min(1).max(4096),
  count: z.number().int().min(1).max(100),
  seed: z.number().int().min(0),
  /** Of the prompt, so that none stands in the reference. */
  hash: z.string().regex(/^[\da-f]{16}$/),
  end: z.enum(['made', 'refused', 'failed']),
  /** Sets tasks apart that are alike and submitted at once. */
  id: z.string().max(36),
});
export type LocalTask = z.output<typeof schema>;

export const writeReference = (task: LocalTask): string => Buffer.from(JSON.stringify(task)).toString('base64url');

/** Undefined for what is no reference of the local provider. */
export function readReference(reference: string): LocalTask | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(reference, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}
