import { placeOf } from './place-of.ts';

/** One field that differs between two documents, as people read it. Documents hold names of keys, never their secrets. */
export interface FieldChange {
  kind: 'added' | 'changed' | 'removed';
  /** `routes.default.retry.attempts` */
  path: string;
  before?: string;
  after?: string;
}

/** Fields that were added, changed or removed, in the order of the documents; the order of fields does not count. */
export function diff(before: unknown, after: unknown): FieldChange[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const paths = [...is.keys(), ...[...was.keys()].filter((path) => !is.has(path))];
  return paths.flatMap((path): FieldChange[] => {
    const [old, now] = [was.get(path), is.get(path)];
    if (old === now) return [];
    if (old === undefined) return [{ kind: 'added', path, after: now as string }];
    if (now === undefined) return [{ kind: 'removed', path, before: old }];
    return [{ kind: 'changed', path, before: old, after: now }];
  });
}

/** The text of each field that holds no others, by its place. */
function fieldsOf(value: unknown, path: PropertyKey[] = [], into = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) {
    into.set(placeOf(path), value.map(textOf).join(', ') || 'none');
    // Objects in a list are keys: each is known by where its secret is, not by its place.
    for (const each of value) {
      for (const [name, attribute] of attributesOf(each)) fieldsOf(attribute, [...path, textOf(each), name], into);
    }
  } else if (isObject(value)) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    if (entries.length === 0 && path.length > 0) into.set(placeOf(path), 'empty');
    for (const [name, each] of entries) fieldsOf(each, [...path, name], into);
  } else into.set(placeOf(path), textOf(value));
  return into;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function textOf(value: unknown): string {
  if (!isObject(value)) return String(value);
  const { env, secret } = value;
  return env === undefined ? `secret ${secret}` : `env ${env}`;
}

const attributesOf = (value: unknown): [string, unknown][] =>
  isObject(value) ? Object.entries(value).filter(([name]) => name !== 'env' && name !== 'secret') : [];
