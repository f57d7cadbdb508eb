/** The number of times a statement is sent before the server keeps it. */
const OFTEN = 3;
/** Kept in each connection, at most; each takes memory there. */
const MOST_NAMES = 200;
/** Counted at most, before counting begins again. */
const MOST_COUNTED = 1_000;
/** In characters. Longer ones are lists of rows, which seldom have the same length twice. */
const LONGEST = 10_000;

/** @returns what the server shall call a statement, or nothing while that is not worth it */
export type NameStatement = (text: string) => string | undefined;

/**
 * Names for statements that come again: the server parses a named one once for each connection, and plans it again only while that pays
 * (`plan_cache_mode`). Planning took five sixths of the server's time for one of many tables.
 */
export function createStatementNames(): NameStatement {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || text.length > LONGEST || names.size >= MOST_NAMES) return known;
    const count = (counts.get(text) ?? 0) + 1;
    if (count < OFTEN) {
      if (counts.size >= MOST_COUNTED) counts.clear();
      counts.set(text, count);
      return undefined;
    }
    counts.delete(text);
    const name = `statement_${names.size}`;
    names.set(text, name);
    return name;
  };
}
