import type { Json, WireEvent } from './contract.ts';

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of an object; none for anything else. */
export const fieldsOf = (value: unknown): Json => (isJson(value) ? value : {});

/** Objects of a list; [] for anything else. */
export const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A number of tokens; undefined for anything that no bill may be made of, such as a fraction or a negative number. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** An object from its text; undefined when that is none. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The data of an event as an object, parsed once; undefined when it is none. */
export function objectOf(event: WireEvent): Json | undefined {
  if (event.json === undefined) event.json = parseObject(event.data) ?? null;
  return event.json ?? undefined;
}

/** Whether an event is complete: an object, or the word that ends a stream of chat completions. */
export const isWholeEvent = (event: WireEvent): boolean => event.data === '[DONE]' || objectOf(event) !== undefined;

/** The name of an event, which stands in its data as well. */
export const eventType = (event: WireEvent, json: Json): string => textOf(json.type) || (event.event ?? '');

/** An object without some of its fields. */
export function without(object: Json, names: ReadonlySet<string>): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}

/** Those fields of an object that say something. */
export const pick = (object: Json, names: readonly string[]): Json =>
  Object.fromEntries(names.filter((name) => isSet(object[name])).map((name) => [name, object[name]]));

/** Whether an optional field of a request says something: `null` is as good as missing. */
export const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** A whole number within bounds. */
export const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;

/** An entry of a table by a word that others wrote, which may be one like `constructor`. */
export const entryOf = <Value>(table: Readonly<Record<string, Value>>, word: unknown): Value | undefined =>
  typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
