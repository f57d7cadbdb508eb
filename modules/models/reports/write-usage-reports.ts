import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { csvCell } from '../../people/audit/csv-cell.ts';
import { keepFiles, storeLoose } from '../files/store-file.ts';

interface ReportDeps {
  database: Database;
  storage: FileStorage;
}

interface UsageRow extends Record<string, unknown> {
  action: string;
  model: string | null;
  requests: string;
  prompt: string;
  completion: string;
  cost: string;
}

const MOST_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 3_600_000;

/**
 * Writes a file of `/v1/files` for each organization that used something on the day before: requests, tokens and cost by action and model.
 * One that is there already is not written again. @returns how many were written
 */
export async function writeUsageReports(deps: ReportDeps, now: Date, signal: AbortSignal): Promise<number> {
  const day = new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);
  const fileName = `usage-${day}.csv`;
  const organizations = await deps.database.transaction((tx) =>
    tx.execute<{ id: string }>(sql`
      select distinct organization_id as id from usage_logs l
      where created_at >= ${day}::date and created_at < ${day}::date + 1
        and not exists (
          select 1 from gateway_files f where f.organization_id = l.organization_id and purpose = 'report' and file_name = ${fileName}
        )`),
  );
  for (const { id } of organizations) {
    signal.throwIfAborted();
    await writeReport(deps, { organizationId: id, day, fileName });
  }
  return organizations.length;
}

async function writeReport(
  { database, storage }: ReportDeps,
  { organizationId, day, fileName }: { organizationId: string; day: string; fileName: string },
): Promise<void> {
  const rows = await database.transaction((tx) =>
    tx.execute<UsageRow>(sql`
      select action, model, count(distinct request_id)::text as requests, sum(prompt_tokens)::text as prompt,
        sum(completion_tokens)::text as completion, sum(cost)::text as cost
      from usage_logs
      where organization_id = ${organizationId} and created_at >= ${day}::date and created_at < ${day}::date + 1
      group by action, model order by action, model`),
  );
  const lines = [
    'day,action,model,requests,prompt_tokens,completion_tokens,cost_rub',
    ...rows.map(({ action, model, requests, prompt, completion, cost }) =>
      [day, csvCell(action), csvCell(model ?? ''), requests, prompt, completion, cost].join(','),
    ),
  ];
  await using file = await storeLoose(Readable.from([Buffer.from(`${lines.join('\r\n')}\r\n`)]), storage, MOST_BYTES);
  await keepFiles(database, [file], organizationId, (tx) =>
    file.addTo(tx, { organizationId, userId: null, purpose: 'report', fileName }),
  );
}
