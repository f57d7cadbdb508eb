import type { Json } from './contract.ts';
import { isJson, isSet } from './json.ts';
import { invalid } from './refuse.ts';

/* Guards of requests: each throws Problem invalid-request naming the place. Optional fields may be `null`. */

const DEEPEST = 100;

/** Refuses what would overflow the stack of a recursive reader. */
export function checkDepth(body: Json): void {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw invalid('body', `must not be nested deeper than ${DEEPEST} levels`);
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null
        ? Object.values(value).filter((inner) => typeof inner === 'object' && inner !== null)
        : [],
    );
  }
}

export function needObject(value: unknown, path: string): Json {
  if (!isJson(value)) throw invalid(path, 'must be an object');
  return value;
}

export function needText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(path, 'must be a non-empty string');
  return value;
}

/** May be empty. */
export function needString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalid(path, 'must be a string');
  return value;
}

export function needList(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw invalid(path, 'must be an array');
  return value;
}

export function needFilledList(value: unknown, path: string): unknown[] {
  if (needList(value, path).length === 0) throw invalid(path, 'must not be empty');
  return value as unknown[];
}

export function needOneOf(value: unknown, path: string, allowed: readonly string[]): string {
  if (typeof value !== 'string' || !allowed.includes(value))
    throw invalid(path, `must be one of ${allowed.map((name) => `"${name}"`).join(', ')}`);
  return value;
}

export function checkNumber(body: Json, name: string, least: number, most: number): void {
  const value = body[name];
  if (!isSet(value)) return;
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw invalid(`body.${name}`, `must be a number from ${least} to ${most}`);
}

export function checkInteger(body: Json, name: string, least: number, most = Number.MAX_SAFE_INTEGER): void {
  const value = body[name];
  if (!isSet(value)) return;
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw invalid(`body.${name}`, `must be an integer ${range}`);
  }
}

export function checkBooleans(body: Json, names: readonly string[]): void {
  for (const name of names)
    if (isSet(body[name]) && typeof body[name] !== 'boolean') throw invalid(`body.${name}`, 'must be true or false');
}

export function checkStrings(body: Json, names: readonly string[]): void {
  for (const name of names) if (isSet(body[name])) needString(body[name], `body.${name}`);
}

export function checkObjects(body: Json, names: readonly string[]): void {
  for (const name of names) if (isSet(body[name])) needObject(body[name], `body.${name}`);
}
