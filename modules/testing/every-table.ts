import type { Sql } from 'postgres';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import type { TestMember, TestOrganization } from './organization.ts';

/** One row for an organization in each table that holds rows of organizations. */
export async function fillEveryTable({ owner: sql }: TestDatabase, { id, owner }: TestOrganization) {
  const documentId = crypto.randomUUID();
  const conversationId = crypto.randomUUID();
  await sql`
    insert into documents (id, organization_id, title, file_name, format, bytes, sha256, storage_key, created_by)
    values (${documentId}, ${id}, 'Contract', 'contract.txt', 'txt', 4, ${documentId}, ${newStorageKey()}, ${owner.userId})`;
  await sql`
    insert into document_texts (document_id, organization_id, content, page_starts) values (${documentId}, ${id}, 'Text', '{}')`;
  await sql`
    insert into chunks (document_id, organization_id, ordinal, start, "end", unit_start, unit_end, heading_path, content)
    values (${documentId}, ${id}, 0, 0, 4, 0, 4, '{}', 'Text')`;
  await sql`insert into parsed_pages (document_id, organization_id, first, pages, parser) values (${documentId}, ${id}, 1, '{Text}', 'pages')`;
  await sql`
    insert into recognized_pages (document_id, organization_id, page, width, height, words)
    values (${documentId}, ${id}, 1, 595, 842, '{0,4,720,720,200,100}')`;
  await sql`
    insert into index_generations (generation, state, chunker, embedding_model, dimensions, store)
    values (1, 'live', 'legal-1', 'local', 8, 'sqlite') on conflict do nothing`;
  await sql`insert into indexed_documents (generation, document_id, organization_id, total) values (1, ${documentId}, ${id}, 1)`;
  await sql`
    insert into conversations (id, organization_id, user_id, title) values (${conversationId}, ${id}, ${owner.userId}, 'Term')`;
  await sql`
    insert into conversation_readers (conversation_id, organization_id, user_id) values (${conversationId}, ${id}, ${owner.userId})`;
  await sql`
    insert into messages (conversation_id, organization_id, role, content) values (${conversationId}, ${id}, 'user', 'Term?')`;
  await sql`insert into deleted_files (storage_key, organization_id) values (${newStorageKey()}, ${id})`;
  await sql`insert into question_counters (organization_id, period, start, used) values (${id}, 'day', '2026-01-31', 1)`;
  await sql`
    insert into idempotency_keys (organization_id, user_id, key, fingerprint, run)
    values (${id}, ${owner.userId}, 'key', 'print', gen_random_uuid())`;
  await sql`insert into usage_logs (organization_id, user_id, action) values (${id}, ${owner.userId}, 'search')`;
  await fillMetering(sql, id);
  await fillGateway(sql, id);
  await fillTelegram(sql, id);
  await fillPictures(sql, id);
  await fillBots(sql, id);
  await fillPeople(sql, id, owner);
  await fillBilling(sql, id);
  await sql`insert into gateway_secrets (organization_id, name, ciphertext, last4) values (${id}, 'openai', 'sealed', 'abcd')`;
  return { documentId, conversationId };
}

async function fillGateway(sql: Sql, id: string): Promise<void> {
  const [fileId, batchId] = [crypto.randomUUID(), crypto.randomUUID()];
  await sql`
    insert into gateway_files (id, organization_id, purpose, file_name, bytes, storage_key, expires_at)
    values (${fileId}, ${id}, 'batch', 'calls.jsonl', 4, ${newStorageKey()}, now() + interval '1 day')`;
  await sql`
    insert into batches (id, organization_id, channel, endpoint, input_file_id, expires_at)
    values (${batchId}, ${id}, 'external', 'embeddings', ${fileId}, now() + interval '1 day')`;
  await sql`
    insert into async_calls (organization_id, batch_id, line, custom_id, channel, endpoint, model, body)
    values (${id}, ${batchId}, 1, 'one', 'external', 'embeddings', 'default', '{}')`;
  await sql`
    insert into callbacks (organization_id, event, subject, url)
    values (${id}, 'batch.completed', 'batch_1', 'https://receiver.example/')`;
  await sql`insert into webhook_secrets (organization_id, sealed) values (${id}, 'v1.')`;
  await sql`insert into prompt_log_settings (organization_id, keep_days) values (${id}, 7)`;
  await sql`
    insert into prompt_logs (organization_id, request_id, dialect, route, request, is_cut, expires_at)
    values (${id}, gen_random_uuid(), 'chat', 'default', '{}', false, now() + interval '1 day')`;
}

async function fillPictures(sql: Sql, id: string): Promise<void> {
  const imageId = crypto.randomUUID();
  await sql`
    insert into images (id, organization_id, request_id, model, provider, prompt, width, height, count, seed, units_each, held_until)
    values (${imageId}, ${id}, gen_random_uuid(), 'local', 'local', 'A house', 512, 512, 1, 1, 1, now())`;
  await sql`
    insert into image_files (image_id, organization_id, index, variant, storage_key, type, bytes, width, height, sha256)
    values (${imageId}, ${id}, 0, 'original', ${newStorageKey()}, 'image/png', 4, 512, 512, 'hash')`;
  await sql`
    insert into image_callbacks (image_id, organization_id, provider, delivery_key) values (${imageId}, ${id}, 'fal', ${imageId})`;
}

async function fillTelegram(sql: Sql, id: string): Promise<void> {
  const botId = crypto.randomUUID();
  await sql`
    insert into telegram_messages (organization_id, bot_id, chat_id, occasion, step, kind, action)
    values (${id}, ${botId}, '1', 'update:1', 'answer', 'text', '{}')`;
  await sql`insert into telegram_pauses (organization_id, bot_id, chat_id, until) values (${id}, ${botId}, '1', now())`;
  await sql`insert into telegram_chats (organization_id, bot_id, chat_id, blocked_at) values (${id}, ${botId}, '1', now())`;
  await sql`
    insert into telegram_files (organization_id, bot_id, storage_key, kind, file_id)
    values (${id}, ${botId}, ${newStorageKey()}, 'photo', 'AgAC')`;
  await sql`insert into telegram_polls (organization_id, bot_id, next_update_id) values (${id}, ${botId}, 1)`;
}

async function fillBots(sql: Sql, id: string): Promise<void> {
  const botId = crypto.randomUUID();
  await sql`
    insert into bots
      (id, organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
    values (${botId}, ${id}, ${botId}, 'a_bot', 'A bot', 'v1.', 'v1.', 'hash', '{tarot}', 'Europe/Moscow', 'webhook')`;
  await sql`
    insert into bot_users (id, organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
    values (${botId}, ${id}, ${botId}, '7', '7', 'ru', gen_random_uuid(), 'code')`;
  await sql`
    insert into readings (organization_id, bot_user_id, request_id, spread, question, language, cards)
    values (${id}, ${botId}, gen_random_uuid(), 'day', '', 'ru', '[]')`;
  await sql`
    insert into followed_images (image_id, organization_id, bot_id, bot_user_id, chat_id, occasion, status, said)
    select id, organization_id, ${botId}, ${botId}, '7', 'update:1', 'queued', '' from images where organization_id = ${id} limit 1`;
  await sql`insert into bot_updates (organization_id, bot_id, update_id, chat_id, payload) values (${id}, ${botId}, 1, '7', '{}')`;
}

async function fillMetering(sql: Sql, id: string): Promise<void> {
  await sql`insert into plan_overrides (organization_id, documents) values (${id}, 7)`;
  const [wallet] =
    await sql`insert into wallets (organization_id, kind, reference) values (${id}, 'bot-user', 'one') returning id`;
  await sql`insert into unit_credits (organization_id, owner_id, unit, amount) values (${id}, ${wallet?.id}, 'image', 3)`;
  await sql`
    insert into wallet_entries (organization_id, wallet_id, unit, reason, reference, amount)
    values (${id}, ${wallet?.id as string}, 'image', 'grant', ${id}, 3)`;
  await sql`
    insert into wallet_orders (organization_id, bot_id, wallet_id, attempt, unit, amount, stars)
    values (${id}, ${id}, ${wallet?.id as string}, 'one', 'image', 10, 100)`;
  await sql`
    insert into telegram_payments (bot_id, charge_id, organization_id, currency, amount, state, paid_at)
    values (${id}, ${id}, ${id}, 'XTR', 100, 'mismatch', now())`;
  await sql`
    insert into usage_reservations (organization_id, request_id, state, source, day, month, minute, channel, tokens, model, cost, expires_at)
    values (${id}, gen_random_uuid(), 'settled', 'plan', '2026-01-31', '2026-01-01', '2026-01-31T00:00Z', 'external', 1, 'm', 0, now())`;
  await sql`
    insert into usage_totals (organization_id, month, action, count, prompt_tokens, completion_tokens, cached_tokens, cost)
    values (${id}, '2026-01-01', 'search', 1, 0, 0, 0, 0)`;
  await sql`insert into token_counters values (${id}, 'external', '2026-01-31T00:00Z', 1)`;
  const [budget] = await sql`
    insert into budgets (organization_id, scope, "window", limit_cost) values (${id}, 'organization', 'month', 100) returning id`;
  await sql`insert into budget_counters (organization_id, budget_id, start) values (${id}, ${budget?.id}, '2026-01-01')`;
}

async function fillPeople(sql: Sql, id: string, owner: TestMember): Promise<void> {
  const secret = crypto.randomUUID();
  await sql`
    insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes)
    values (${id}, ${owner.userId}, 'Key', 'pk', ${secret}, '{ask}')`;
  await sql`
    insert into invitations (organization_id, email, role, token_hash, expires_at)
    values (${id}, 'new@example.org', 'member', ${secret}, now() + interval '1 day')`;
  await sql`insert into audit_log (organization_id, actor, action) values (${id}, ${owner.email}, 'invite-member')`;
  await sql`
    insert into linked_identities (organization_id, user_id, bot_id, subject, chat_id)
    values (${id}, ${owner.userId}, ${secret}, '1', '1')`;
  await sql`
    insert into link_codes (code_hash, organization_id, user_id, bot_id, expires_at)
    values (${secret}, ${id}, ${owner.userId}, ${secret}, now() + interval '1 minute')`;
  await sql`
    insert into notifications (organization_id, kind, reference, email, language, parameters)
    values (${id}, 'invitation', 'one', 'new@example.org', 'ru', '{}')`;
}

async function fillBilling(sql: Sql, id: string): Promise<void> {
  const [invoiceId, transactionId] = [crypto.randomUUID(), crypto.randomUUID()];
  await sql`
    insert into subscriptions (organization_id, state, tier, period_start, period_end, anchor_day)
    values (${id}, 'active', 'basic', now(), now() + interval '1 month', 1)`;
  await sql`
    insert into invoices (id, organization_id, number, reference, purpose, buyer, lines, total, issued_at, due_at)
    values (${invoiceId}, ${id}, ${invoiceId}, 'first', '{}', '{}', '[]', 100, now(), now())`;
  await sql`
    insert into payments (organization_id, invoice_id, provider, amount) values (${id}, ${invoiceId}, 'bank', 100)`;
  await sql.begin(async (tx) => {
    await tx`
      insert into ledger_transactions (id, organization_id, kind, reference, at)
      values (${transactionId}, ${id}, 'invoice', ${invoiceId}, now())`;
    await tx`
      insert into ledger_entries values
        (${transactionId}, 0, ${id}, 'receivable', 100), (${transactionId}, 1, ${id}, 'subscriptions', -100)`;
  });
}
