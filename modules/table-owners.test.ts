import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const ours = ['db/functions', 'functions', 'modules', 'platform', 'workers'];
const isTest = /\.(test|fixture)\.ts$|(^|\/)(testing|fixtures)\//;

interface Owned {
  /** The folder that alone writes them. */
  owner: string;
  /** By the name of their value, with the name of their table. */
  tables: Record<string, string>;
  /** Files that still write them: counters in SQL. The list only gets shorter. */
  debts: readonly string[];
}

const owned: Owned[] = [
  {
    owner: 'modules/models/',
    tables: {
      asyncCalls: 'async_calls',
      batches: 'batches',
      callbacks: 'callbacks',
      gatewayFiles: 'gateway_files',
      webhookSecrets: 'webhook_secrets',
      promptLogs: 'prompt_logs',
      promptLogSettings: 'prompt_log_settings',
    },
    debts: [],
  },
  {
    owner: 'modules/pictures/',
    tables: { images: 'images', imageFiles: 'image_files', imageCallbacks: 'image_callbacks' },
    debts: [],
  },
  {
    owner: 'modules/messages/',
    tables: {
      telegramMessages: 'telegram_messages',
      telegramPauses: 'telegram_pauses',
      telegramChats: 'telegram_chats',
      telegramFiles: 'telegram_files',
      telegramPolls: 'telegram_polls',
    },
    debts: [],
  },
  {
    owner: 'modules/bots/',
    tables: {
      bots: 'bots',
      botUsers: 'bot_users',
      botUpdates: 'bot_updates',
      readings: 'readings',
      followedImages: 'followed_images',
    },
    debts: [],
  },
  {
    owner: 'modules/commerce/wallets/',
    tables: { walletEntries: 'wallet_entries', walletOrders: 'wallet_orders', telegramPayments: 'telegram_payments' },
    // What the module's statements call.
    debts: ['db/functions/commerce/metering/expire_credits.sql', 'db/functions/commerce/metering/move_units.sql'],
  },
  {
    owner: 'modules/legal/documents/',
    tables: {
      documents: 'documents',
      chunks: 'chunks',
      documentTexts: 'document_texts',
      parsedPages: 'parsed_pages',
      recognizedPages: 'recognized_pages',
    },
    // A file of an index, with a table of the same name.
    debts: ['modules/legal/index/vectors/sqlite/sqlite-index.ts'],
  },
  {
    owner: 'modules/people/',
    tables: {
      organizations: 'organizations',
      users: 'users',
      linkedIdentities: 'linked_identities',
      linkCodes: 'link_codes',
    },
    debts: [
      'db/functions/commerce/metering/end_units.sql',
      // Goes with the column that processes of the release before read.
      'db/functions/commerce/metering/mirror_question_credits.sql',
      'db/functions/commerce/metering/settle_calls.sql',
      // Ends what a restored database still has of sessions and keys, before a process of any module runs.
      'platform/backup/restore/settle-database.ts',
    ],
  },
  {
    owner: 'modules/models/configuration/',
    tables: { gatewayVersions: 'gateway_versions', gatewaySecrets: 'gateway_secrets' },
    debts: [],
  },
];

/** The tables that a source writes: through Drizzle, under another name too, or in SQL. */
function writtenBy(source: string, tables: Owned['tables']): string[] {
  return Object.entries(tables).flatMap(([value, table]) => {
    const alias = new RegExp(`\\b${value}(?: as (\\w+))?[^{}]*\\} from '[^']*schema/`).exec(source);
    const name = alias?.[1] ?? value;
    const calls = new RegExp(`\\.(insert|update|delete)\\(\\s*(${value}|${name})\\s*\\)`);
    const verbs = '(insert\\s+into|update|delete\\s+from|truncate|merge\\s+into)';
    const statements = new RegExp(
      `\\b${verbs}\\s+(only\\s+)?("?(public"?\\."?)?${table}"?|\\$\\{${name}\\})(?![\\w.])`,
      'i',
    );
    return calls.test(source) || statements.test(source) ? [table] : [];
  });
}

async function writers({ owner, tables }: Owned): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ours) {
    for (const entry of await readdir(join(root, folder), { recursive: true })) {
      const file = join(folder, entry);
      if (!/\.(ts|sql)$/.test(file) || isTest.test(file) || file.startsWith(owner)) continue;
      const source = (await readFile(join(root, file), 'utf8')).replaceAll(/^\s*(\/\/|\/?\*|--).*$/gm, '');
      if (writtenBy(source, tables).length > 0) found.push(file);
    }
  }
  return found.toSorted();
}

describe('a table has one module that writes it', () => {
  it.each(owned)('$owner', async (tables) => {
    expect(await writers(tables)).toEqual([...tables.debts].toSorted());
  });

  const tables = { documents: 'documents' };
  it.each([
    'await tx.update(documents).set(row)',
    'tx\n  .insert(documents)\n  .values(row)',
    "import { chunks, documents as table } from '../db/schema/legal/documents.ts';\ntx.delete(table)",
    'sql`update documents set title = null`',
    'sql`delete from "public"."documents"`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source that is looked through.
    'sql`insert into ${documents} (id) values (1)`',
    'DELETE FROM only documents WHERE true',
    'truncate documents',
  ])('finds a writer: %s', (source) => {
    expect(writtenBy(source, tables)).toEqual(['documents']);
  });

  it.each([
    'tx.select().from(documents)',
    "tx.delete(documentTexts); sql`update document_texts set content = ''`",
    'hash.update(documents.length)',
    'sql`select * from documents for no key update`',
  ])('leaves a reader alone: %s', (source) => {
    expect(writtenBy(source, tables)).toEqual([]);
  });
});
