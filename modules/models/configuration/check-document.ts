import type { z } from 'zod';
import { didYouMean } from '../../../platform/kernel/nearest.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { type Allowed, referenceMistakes } from './check-references.ts';
import type { GatewayDocument } from './contract.ts';
import { placeOf } from './place-of.ts';
import { documentSchema } from './schema.ts';

/** A document with mistakes: a line for each, with its place. */
export class DocumentMistakes extends Refused {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      'malformed',
      `Read configuration: ${mistakes.length} mistake(s)\n${mistakes.map((each) => `  ${each}`).join('\n')}`,
    );
    this.name = 'DocumentMistakes';
    this.mistakes = mistakes;
  }
}

/**
 * A document as it came, checked: its form, and what its parts ask of each other and of the platform.
 * @throws DocumentMistakes naming all of them at once
 */
export function checkDocument(value: unknown, allowed: Allowed): GatewayDocument {
  const parsed = documentSchema.safeParse(value);
  const mistakes = [...(parsed.error?.issues ?? []).flatMap(linesOf), ...referenceMistakes(value, allowed)];
  if (mistakes.length > 0) throw new DocumentMistakes([...new Set(mistakes)].toSorted());
  return parsed.data as GatewayDocument;
}

function linesOf(issue: z.core.$ZodIssue): string[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => `${placeOf([...path, key])}: unknown field${didYouMean(key, known)}`);
  }
  if (issue.code === 'invalid_key') return [`${placeOf(path)}: the name ${issue.issues[0]?.message ?? 'is wrong'}`];
  if (issue.code === 'invalid_type' && issue.input === undefined && !issue.message.startsWith('must')) {
    return [`${placeOf(path)}: missing`];
  }
  return [`${placeOf(path)}: ${issue.message}`];
}

/** Fields that an object of the schema has, found by the path to it. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = documentSchema;
  for (const part of path) schema = childOf(inner(schema), part);
  const { shape } = inner(schema) as { shape?: object };
  return Object.keys(shape ?? {});
}

/** A schema without what makes it optional. */
function inner(schema: unknown): unknown {
  const { def } = schema as { def?: { type: string; innerType?: unknown } };
  return def?.type === 'optional' ? inner(def.innerType) : schema;
}

function childOf(schema: unknown, part: PropertyKey): unknown {
  const { shape, element, valueType } = schema as {
    shape?: Record<PropertyKey, unknown>;
    element?: unknown;
    valueType?: unknown;
  };
  return shape?.[part] ?? element ?? valueType ?? {};
}
