import pg from 'pg';

/** What the library's own queries are given to send with, as far as it is used here. */
export interface Connection {
  parse(query: { text: string }): void;
  bind(config: object): void;
  execute(config: object): void;
  parsedStatements: Record<string, string>;
}

interface Submitted {
  requiresPreparation(): boolean;
  prepare(connection: Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
}
type Answered = (error: Error | null, result: pg.QueryResult) => void;

/** The library's own query, to be sent together with others; its types leave out what it is made of. */
export const LibraryQuery = pg.Query as unknown as new (
  statement: pg.QueryConfig,
  values: undefined,
  answered: Answered,
) => Submitted;
