import type { Json } from '../dialects/contract.ts';
import { isJson } from '../dialects/json.ts';

/**
 * The place of a tool's `$ref` that leads back to itself by references alone, such as `{"$ref": "#"}`: it describes nothing, and code
 * that resolves it never ends. A schema that holds itself in a property is a tree, and good.
 */
export function findSchemaLoop(tools: readonly Json[]): string | undefined {
  for (const [index, tool] of tools.entries()) {
    const own = asObject(tool.function) ?? tool;
    const name = own.parameters === undefined ? 'input_schema' : 'parameters';
    const root = asObject(own[name]);
    const place = `tools[${index}].${own === tool ? '' : 'function.'}${name}`;
    if (root && hasLoop(root)) return place;
  }
  return undefined;
}

function hasLoop(root: Json): boolean {
  const waiting: object[] = [root];
  // Each schema is followed once, however many references lead to it.
  const ending = new Set<Json>();
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    const passed = new Set<Json>();
    for (let schema = asObject(value); schema && !ending.has(schema); schema = resolve(root, schema.$ref)) {
      if (passed.has(schema)) return true;
      passed.add(schema);
    }
    for (const schema of passed) ending.add(schema);
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) waiting.push(inner);
  }
  return false;
}

/** What a reference inside the same schema stands for, by RFC 6901; undefined for any other. */
function resolve(root: Json, reference: unknown): Json | undefined {
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) return undefined;
  let found: unknown = root;
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? (found as Json)[key] : undefined;
  }
  return asObject(found);
}

const asObject = (value: unknown): Json | undefined => (isJson(value) ? value : undefined);
