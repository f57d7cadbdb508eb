/** A JSON schema as the description of the API has it, with what makes a shape. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  contentSchema?: Schema;
}

/** What of a schema a program relies on that sends or reads a value: no lengths, patterns, or descriptions. */
export interface Shape {
  /** Name among the shapes of the contract. */
  ref?: string;
  /** Missing for anything at all. */
  types?: string[];
  values?: unknown[];
  properties?: Record<string, Shape>;
  required?: string[];
  /** Of properties that have no names, and of names that are not listed. */
  others?: Shape;
  items?: Shape;
  anyOf?: Shape[];
  /** A stream of server-sent events, by the name of the event. */
  events?: Shape;
}

const NAMED = '#/components/schemas/';

/** @throws Error for a schema made of parts that must all hold, unless they only describe the first one */
export function shapeOf(schema: Schema): Shape {
  if (schema.$ref) return { ref: schema.$ref.replace(NAMED, '') };
  if (schema.contentSchema) return { events: shapeOf(schema.contentSchema) };
  if (schema.allOf) {
    const [first = {}, ...others] = schema.allOf;
    if (others.some((other) => Object.keys(other).some((key) => key !== 'type' && key !== 'description')))
      throw new Error('Read the shape of a schema: "allOf" of several shapes is not supported');
    return shapeOf(first);
  }
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return { anyOf: parts.map(shapeOf) };
  const { type, properties, required = [], additionalProperties, items } = schema;
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  const named = Object.entries(properties ?? {}).map(([name, value]) => [name, shapeOf(value)] as const);
  return {
    ...(type !== undefined && { types: [type].flat().toSorted() }),
    ...(values && { values: values.filter((value) => value !== null).toSorted() }),
    ...(named.length > 0 && { properties: Object.fromEntries(named) }),
    ...(required.length > 0 && { required: required.toSorted() }),
    ...(additionalProperties && { others: additionalProperties === true ? {} : shapeOf(additionalProperties) }),
    ...(items && { items: shapeOf(items) }),
  };
}

/** The names that a shape refers to. */
export function namesIn(shape: Shape): string[] {
  const { ref, properties = {}, others, items, anyOf = [], events } = shape;
  const below = [...Object.values(properties), ...anyOf, others, items, events].filter((each) => each !== undefined);
  return [...(ref === undefined ? [] : [ref]), ...below.flatMap(namesIn)];
}
