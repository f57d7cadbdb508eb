import { fillPlaceholders, is, Placeholder, type SQL } from 'drizzle-orm';
import { dialect } from './dialect.ts';

/** A statement whose text is written once; its placeholders are given values each time. */
export interface PreparedStatement {
  readonly text: string;
  /** @param values by the names of `sql.placeholder` */
  fill(values: Record<string, string | number | null>): (string | number | null)[];
}

/** Writing the text of a large statement costs a process as much as all else about a small request. */
export function prepareStatement(query: SQL): PreparedStatement {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const kept: unknown[] = [];
  // A placeholder has one number, however often it stands in the text.
  const numbers = params.map((param) => {
    const known = kept.findIndex(
      (other) => is(param, Placeholder) && is(other, Placeholder) && other.name === param.name,
    );
    return known >= 0 ? known + 1 : kept.push(param);
  });
  return {
    text: text.replaceAll(/\$(\d+)/g, (_, number) => `$${numbers[Number(number) - 1]}`),
    fill: (values) => fillPlaceholders(kept, values) as (string | number | null)[],
  };
}
