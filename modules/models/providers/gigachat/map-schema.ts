import type { Json } from '../../dialects/contract.ts';
import { isJson, objectsOf } from '../../dialects/json.ts';

/*
 * GigaChat refuses (422) schemas that use more than a small part of JSON Schema: no references and no alternatives, a type for every
 * property, properties for every object, enums of texts only, and three formats. Of alternatives the first one stays. Values of enums that
 * are refused are said in the description, so that the model still knows them.
 */

const formats = new Set(['date', 'date-time', 'time']);
const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean']);
/** Kept as they are. */
const limits = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern'] as const;
/** A reference that leads back to itself ends here. */
const DEEPEST = 12;

/** The parameters of a function as GigaChat takes them. */
export function mapParameters(schema: unknown): Json {
  const root = isJson(schema) ? schema : {};
  const mapped = mapSchema(root, root, 0);
  return mapped.type === 'object' ? mapped : { type: 'object', properties: {} };
}

function mapSchema(given: Json, root: Json, depth: number): Json {
  if (depth > DEEPEST) return { type: 'object', properties: {} };
  const schema = flatten(given, root, 0);
  const type = typeOf(schema);
  const { values, hint } = valuesOf(schema, type);
  const description = [schema.description, hint].filter((text) => typeof text === 'string' && text !== '').join(' ');
  return {
    type,
    ...(description !== '' && { description }),
    ...Object.fromEntries(limits.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]])),
    ...(values && { enum: values }),
    ...(typeof schema.format === 'string' && formats.has(schema.format) && { format: schema.format }),
    ...(type === 'object' && mapProperties(schema, root, depth)),
    ...(type === 'array' && { items: mapSchema(isJson(schema.items) ? schema.items : {}, root, depth + 1) }),
  };
}

function mapProperties(schema: Json, root: Json, depth: number): Json {
  const properties = Object.entries(isJson(schema.properties) ? schema.properties : {}).map(([name, property]) => [
    name,
    mapSchema(isJson(property) ? property : {}, root, depth + 1),
  ]);
  const names = new Set(properties.map(([name]) => name));
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => names.has(name)) : [];
  return { properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) };
}

/** The schema with what it refers to, what it is all of, and the first of its alternatives that is not null. */
function flatten(schema: Json, root: Json, turns: number): Json {
  if (turns > DEEPEST) return {};
  const { $ref: reference, allOf, anyOf, oneOf, ...own } = schema;
  const parts = [
    ...(typeof reference === 'string' ? [resolve(reference, root)] : []),
    ...objectsOf(allOf),
    ...chooseOf([...objectsOf(anyOf), ...objectsOf(oneOf)]),
  ];
  return parts.map((part) => flatten(part, root, turns + 1)).reduce(merge, own);
}

/** Alternatives of constants are one enum; of others only one can be said. */
function chooseOf(alternatives: Json[]): Json[] {
  const others = alternatives.filter(({ type, const: only }) => type !== 'null' && only !== null);
  if (others.length > 1 && others.every((each) => each.const !== undefined)) {
    return [{ enum: others.map((each) => each.const) }];
  }
  return others.slice(0, 1);
}

function merge(schema: Json, part: Json): Json {
  const properties = isJson(schema.properties) || isJson(part.properties);
  const required = [schema.required, part.required].filter(Array.isArray).flat();
  return {
    ...part,
    ...schema,
    ...(properties && { properties: { ...Object(part.properties), ...Object(schema.properties) } }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

/** Such as `#/$defs/Party`. Undefined places stand for anything. */
function resolve(reference: string, root: Json): Json {
  const steps = reference.startsWith('#/') ? reference.slice(2).split('/') : [];
  let found: unknown = reference === '#' || steps.length > 0 ? root : {};
  for (const step of steps) {
    const name = decodeStep(step);
    found = isJson(found) && Object.hasOwn(found, name) ? found[name] : {};
  }
  return isJson(found) ? found : {};
}

function decodeStep(step: string): string {
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function typeOf(schema: Json): string {
  const said = [schema.type].flat().find((type) => typeof type === 'string' && types.has(type));
  if (typeof said === 'string') return said;
  if (isJson(schema.properties)) return 'object';
  if (schema.items !== undefined) return 'array';
  const [value] = [schema.const, ...(Array.isArray(schema.enum) ? schema.enum : [])].filter(
    (each) => each !== undefined,
  );
  return typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'string';
}

/** Texts stay an enum; values of other types stand in the description, as an enum of them is refused. */
function valuesOf(schema: Json, type: string): { values?: string[]; hint?: string } {
  const given = schema.const !== undefined ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : [];
  const values = given.filter((value) => value !== null);
  if (values.length === 0) return {};
  if (type === 'string') return { values: values.map(String) };
  return { hint: `One of: ${values.map((value) => JSON.stringify(value)).join(', ')}.` };
}
