import type pg from 'pg';
import { type Connection, LibraryQuery } from './library-query.ts';

const SET_ORGANIZATION = { name: 'set_organization', text: "select set_config('app.organization_id', $1, true)" };

/**
 * A statement that travels with what sets its organization. Between two messages that end a request, the server takes all it is sent for
 * one transaction, and `set_config` lasts until its end: nothing has to be begun, committed or taken back.
 */
class TenantQuery extends LibraryQuery {
  readonly #organizationId: string;
  #isSet = false;

  constructor(
    organizationId: string,
    statement: pg.QueryConfig,
    answered: ConstructorParameters<typeof LibraryQuery>[2],
  ) {
    super(statement, undefined, answered);
    this.#organizationId = organizationId;
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Connection): void {
    connection.bind({ statement: SET_ORGANIZATION.name, values: [this.#organizationId] });
    connection.execute({});
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.#isSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#isSet) super.handleCommandComplete(message, connection);
    else this.#isSet = true;
  }
}

/** Runs one statement, in one round trip, that sees one organization's rows only. The connection carries nothing over. */
export async function queryAsTenant(
  client: pg.PoolClient,
  organizationId: string,
  statement: pg.QueryConfig,
): Promise<pg.QueryResult> {
  const { connection } = client as unknown as { connection: Connection };
  // The library notes which statements a connection keeps, one for each query: this one has to be there before.
  if (connection.parsedStatements[SET_ORGANIZATION.name] === undefined)
    await client.query({ ...SET_ORGANIZATION, values: [organizationId] });
  const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult>();
  const query = new TenantQuery(organizationId, statement, (error, result) =>
    error ? reject(error) : resolve(result),
  );
  client.query(query as unknown as pg.Submittable);
  return promise;
}
