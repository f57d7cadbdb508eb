import { z } from 'zod';
import { didYouMean } from '../../kernel/nearest.ts';
import { inputSchema, type PlanInput } from './schema.ts';

/** How a mistake names a figure, such as `--users`; its path in the file, `questions.perHour`, without one. */
export type NameOf = (path: string) => string | undefined;

/** Fills in defaults. @throws Error with a sentence for each mistake */
export function readInput(given: unknown, nameOf: NameOf = () => undefined): PlanInput {
  const result = inputSchema.safeParse(given);
  if (result.success) return result.data;
  const mistakes = result.error.issues.flatMap((issue) => sentences(issue, nameOf));
  throw new Error(`Read plan: ${mistakes.join('; ')}`);
}

function sentences(issue: z.core.$ZodIssue, nameOf: NameOf): string[] {
  const path = issue.path.map(String);
  const name = nameOf(path.join('.')) ?? path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const place = path.length > 0 ? `${path.join('.')}.` : '';
    return issue.keys.map((key) => `unknown figure "${place}${key}"${didYouMean(key, keysAt(path))}`);
  }
  const message = issue.code === 'invalid_type' ? `must be ${article(issue.expected)}` : issue.message;
  return [name === '' ? `the plan ${message}` : `${name} ${message}`];
}

const article = (expected: string): string =>
  ({ array: 'a list', object: 'an object' })[expected] ?? `of the type ${expected}`;

/** The keys of the object that stands at a path of the schema. */
function keysAt(path: readonly string[]): string[] {
  let schema: z.core.$ZodType = inputSchema;
  for (const step of ['', ...path]) {
    if (step !== '') schema = inner(schema, step) ?? schema;
    schema = bare(schema);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const inner = (schema: z.core.$ZodType, step: string): z.core.$ZodType | undefined => {
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodObject ? schema.shape[step] : undefined;
};

/** Without what makes it optional. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bare(schema.unwrap());
  }
  return schema;
}
