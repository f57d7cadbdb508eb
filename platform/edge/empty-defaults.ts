/**
 * Takes defaults that say no more than that a value may be left out, `null` and `{}`, from an OpenAPI document: generators write them
 * into code that does not compile (Kotlin: `nullL`, and a function in place of an object). Properties that are called `default` stay.
 */
export function withoutEmptyDefaults<T>(node: T, isNames = false): T {
  if (Array.isArray(node)) return node.map((entry) => withoutEmptyDefaults(entry)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node)
    .filter(([key, value]) => isNames || key !== 'default' || !isEmpty(value))
    .map(([key, value]) => [key, withoutEmptyDefaults(value, key === 'properties' && !isNames)]);
  return Object.fromEntries(entries) as T;
}

const isEmpty = (value: unknown) =>
  value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);
