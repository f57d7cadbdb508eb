/** A part of a JSON Schema, or of an OpenAPI document. */
type Node = Record<string, unknown>;

const INT32_MAX = 2 ** 31 - 1;

/** Names of integers that are small by what they count, also where no bound is declared. */
const smallNames =
  /^(page\w*|start|end|offset|status|version|index|number|position|width|height|attempts?|complexity|ms|\w+Ms|\w+Seconds|expiresIn|\w+Days)$/;

/**
 * Gives every number of an OpenAPI document a format, as generated clients choose their types by it: `double` for fractions, `int32`
 * for integers that a bound or their name proves to be small, and `int64` for all others, bytes and money among them. A format that
 * a schema has is kept.
 */
export function withNumberFormats<T>(node: T, name = ''): T {
  if (Array.isArray(node)) return node.map((entry) => withNumberFormats(entry, name)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [
    key,
    isData(key) ? value : withNumberFormats(value, nameOf(key, node as Node, name)),
  ]);
  return { ...Object.fromEntries(entries), ...formatOf(node as Node, name) } as T;
}

/** Values in a document that only look like schemas. */
const isData = (key: string) => ['example', 'examples', 'default', 'enum', 'const'].includes(key);

/** The name of a property or parameter is that of all schemas in it, up to the next property. */
function nameOf(key: string, node: Node, name: string): string {
  if (key === 'schema' && typeof node.name === 'string') return node.name;
  return ['schema', 'items', 'anyOf', 'oneOf', 'allOf', 'additionalProperties'].includes(key) ? name : key;
}

function formatOf({ type, format, minimum, maximum }: Node, name: string): { format?: string } {
  const types = [type].flat();
  if (format !== undefined) return {};
  if (types.includes('number')) return { format: 'double' };
  if (!types.includes('integer')) return {};
  const isBounded = isInt32(maximum) && (minimum === undefined || isInt32(minimum));
  const isUnbounded = maximum === undefined;
  return { format: isBounded || (isUnbounded && smallNames.test(name)) ? 'int32' : 'int64' };
}

const isInt32 = (bound: unknown) => typeof bound === 'number' && bound >= -INT32_MAX && bound <= INT32_MAX;
