import type { TestDatabase } from './database.ts';
import type { TestOrganization } from './organization.ts';

/** One row for an organization in each table that holds rows of organizations. */
export async function fillEveryTable({ owner: sql }: TestDatabase, { id, owner }: TestOrganization) {
  const documentId = crypto.randomUUID();
  const conversationId = crypto.randomUUID();
  await sql`
    insert into documents (id, organization_id, title, file_name, format, bytes, sha256, storage_key, created_by)
    values (${documentId}, ${id}, 'Contract', 'contract.txt', 'txt', 4, ${documentId}, ${documentId}, ${owner.userId})`;
  await sql`
    insert into document_texts (document_id, organization_id, content, page_starts) values (${documentId}, ${id}, 'Text', '{}')`;
  await sql`
    insert into chunks (document_id, organization_id, ordinal, start, "end", heading_path, content)
    values (${documentId}, ${id}, 0, 0, 4, '{}', 'Text')`;
  await sql`
    insert into conversations (id, organization_id, user_id, title) values (${conversationId}, ${id}, ${owner.userId}, 'Term')`;
  await sql`
    insert into messages (conversation_id, organization_id, role, content) values (${conversationId}, ${id}, 'user', 'Term?')`;
  await sql`insert into question_counters (organization_id, period, start, used) values (${id}, 'day', '2026-01-31', 1)`;
  await sql`
    insert into idempotency_keys (organization_id, user_id, key, fingerprint, run)
    values (${id}, ${owner.userId}, 'key', 'print', gen_random_uuid())`;
  await sql`insert into usage_logs (organization_id, user_id, action) values (${id}, ${owner.userId}, 'search')`;
  return { documentId, conversationId };
}
