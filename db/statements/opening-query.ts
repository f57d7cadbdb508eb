import type pg from 'pg';
import { type Connection, LibraryQuery } from './library-query.ts';

/**
 * A statement that travels together with what opens its transaction, up to the first that fails: the server skips all that comes after
 * it, so a statement is never carried out outside of its transaction.
 */
class OpeningQuery extends LibraryQuery {
  readonly #opening: readonly string[];
  #unanswered: number;

  constructor(
    opening: readonly string[],
    statement: pg.QueryConfig,
    answered: ConstructorParameters<typeof LibraryQuery>[2],
  ) {
    super(statement, undefined, answered);
    this.#opening = opening;
    this.#unanswered = opening.length;
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Connection): void {
    for (const text of this.#opening) {
      connection.parse({ text });
      connection.bind({});
      connection.execute({});
    }
    super.prepare(connection);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#unanswered > 0) this.#unanswered -= 1;
    else super.handleCommandComplete(message, connection);
  }
}

/**
 * Sends a statement as the first of a transaction.
 * @param opening statements without parameters and rows
 */
export async function queryFirst(
  client: pg.PoolClient,
  opening: readonly string[],
  statement: pg.QueryConfig,
): Promise<pg.QueryResult> {
  const { connection } = client as unknown as { connection: Connection };
  // The library takes the first answer for that of the statement, and would believe that the server keeps it by its name already.
  if (statement.name !== undefined && connection.parsedStatements[statement.name] === undefined) {
    await client.query({ text: opening.join(';') });
    return client.query(statement);
  }
  const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult>();
  const query = new OpeningQuery(opening, statement, (error, result) => (error ? reject(error) : resolve(result)));
  client.query(query as unknown as pg.Submittable);
  return promise;
}
