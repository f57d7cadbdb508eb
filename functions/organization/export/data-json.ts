import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.ts';
import { invoices } from '../../../db/schema/commerce/invoices.ts';
import { payments } from '../../../db/schema/commerce/payments.ts';
import { usageLogs } from '../../../db/schema/commerce/usage-logs.ts';
import { conversationReaders } from '../../../db/schema/legal/conversation-readers.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { messages } from '../../../db/schema/legal/messages.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { auditLog } from '../../../db/schema/people/audit-log.ts';
import { invitations } from '../../../db/schema/people/invitations.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { pages, type Source } from './pages.ts';

const { keyHash: _, ...keyColumns } = getTableColumns(apiKeys);
const { tokenHash: __, ...invitationColumns } = getTableColumns(invitations);
const { storageKey: ___, ...documentColumns } = getTableColumns(documents);
const { id, email, role, language, emailConfirmedAt, createdAt } = users;
const personColumns = { id, email, role, language, emailConfirmedAt, createdAt };

/** Most tables are read by the time at which their rows were made. */
const byCreation = <T extends PgTable & { organizationId: PgColumn; createdAt: PgColumn }>(table: T) => ({
  table,
  organizationId: table.organizationId,
  at: table.createdAt,
});

/** What is exported under which name; secrets are left out even as digests. */
const lists: Record<string, Source> = {
  people: { ...byCreation(users), columns: personColumns },
  apiKeys: { ...byCreation(apiKeys), columns: keyColumns },
  invitations: { ...byCreation(invitations), columns: invitationColumns },
  documents: { ...byCreation(documents), columns: documentColumns },
  usage: { ...byCreation(usageLogs), columns: getTableColumns(usageLogs) },
  invoices: {
    table: invoices,
    organizationId: invoices.organizationId,
    at: invoices.issuedAt,
    columns: getTableColumns(invoices),
  },
  payments: { ...byCreation(payments), columns: getTableColumns(payments) },
  audit: { ...byCreation(auditLog), columns: getTableColumns(auditLog) },
};

/** Chosen members who may read a conversation, and since when. */
const readersOf = sql<object[]>`(
  select coalesce(json_agg(json_build_object('userId', ${conversationReaders.userId}, 'sharedAt', ${conversationReaders.sharedAt})
    order by ${conversationReaders.sharedAt}, ${conversationReaders.userId}), '[]')
  from ${conversationReaders} where ${conversationReaders.conversationId} = ${conversations.id})`;

/** Characters that are given on at once: a stream has its price for each piece. */
const PIECE = 65_536;

/** One JSON object with the rows of an organization, in pieces. */
export async function* dataJson(database: Database, organizationId: string): AsyncGenerator<string> {
  let piece = '';
  for await (const part of parts(database, organizationId)) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function* parts(database: Database, organizationId: string): AsyncGenerator<string> {
  const [organization] = await database.tenant(organizationId, (tx) =>
    tx.select().from(organizations).where(eq(organizations.id, organizationId)),
  );
  yield `{"organization":${JSON.stringify(organization ?? null)}`;
  for (const [name, source] of Object.entries(lists)) {
    yield `,"${name}":`;
    yield* list(pages(database, organizationId, source), (row) => [JSON.stringify(row)]);
  }
  yield ',"conversations":';
  const talks = { ...byCreation(conversations), columns: { ...getTableColumns(conversations), readers: readersOf } };
  yield* list(pages(database, organizationId, talks), async function* (row) {
    const said = {
      ...byCreation(messages),
      columns: getTableColumns(messages),
      where: eq(messages.conversationId, row.id),
    };
    yield `${JSON.stringify(row).slice(0, -1)},"messages":`;
    yield* list(pages(database, organizationId, said), (message) => [JSON.stringify(message)]);
    yield '}';
  });
  yield '}\n';
}

async function* list<T>(
  rows: AsyncIterable<T>,
  write: (row: T) => Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string> {
  let mark = '[';
  for await (const row of rows) {
    yield mark;
    yield* write(row);
    mark = ',\n';
  }
  yield mark === '[' ? '[]' : ']';
}
