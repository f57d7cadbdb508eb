import { Readable } from 'node:stream';
import { and, asc, eq, gt, inArray, ne } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { asyncCalls, type CallState } from '../../../db/schema/models/async-calls.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { type LooseFile, storeLoose } from '../files/store-file.ts';
import type { BatchRow } from './find-batch.ts';

/** Lines held at the same time; an answer may have megabytes. */
const AT_ONCE = 20;
/** Beyond what all answers of a batch can have. */
const MOST_BYTES = 16 * 1024 ** 3;

/** Why calls of a batch were not made. */
const unmade = {
  expired: { code: 'batch_expired', message: 'The batch expired before this request was made' },
  cancelled: { code: 'batch_cancelled', message: 'The batch was cancelled before this request was made' },
};
export type Unmade = keyof typeof unmade;

/** Writes the file of the calls that succeeded, or of the others; undefined when there are none. */
export async function writeResults(
  { database, storage }: { database: Database; storage: FileStorage },
  batch: BatchRow,
  of: 'done' | 'others',
  why: Unmade | undefined,
): Promise<LooseFile | undefined> {
  const rows = linesOf(database, batch, of);
  const first = await rows.next();
  if (first.done) return undefined;
  async function* texts(firstRow: LineRow) {
    yield resultOf(firstRow, why);
    for await (const row of rows) yield resultOf(row, why);
  }
  return storeLoose(Readable.from(texts(first.value)), storage, MOST_BYTES);
}

type LineRow = typeof asyncCalls.$inferSelect;

async function* linesOf(database: Database, { id, organizationId }: BatchRow, of: 'done' | 'others') {
  for (let after = 0; ; ) {
    const from = after;
    const rows = await database.tenant(organizationId, (tx) =>
      tx
        .select()
        .from(asyncCalls)
        .where(
          and(
            eq(asyncCalls.batchId, id),
            gt(asyncCalls.line, from),
            of === 'done' ? eq(asyncCalls.state, 'done') : ne(asyncCalls.state, 'done'),
          ),
        )
        .orderBy(asc(asyncCalls.line))
        .limit(AT_ONCE),
    );
    yield* rows;
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)?.line ?? after;
  }
}

/** A line as OpenAI has it. The body is put in as it is stored. */
function resultOf({ id, customId, requestId, status, answer }: LineRow, why: Unmade | undefined): Buffer {
  const head = JSON.stringify({ id: `batch_req_${id.replaceAll('-', '')}`, custom_id: customId }).slice(0, -1);
  if (answer === null)
    return Buffer.from(`${head},"response":null,"error":${JSON.stringify(unmade[why ?? 'expired'])}}\n`);
  const response = JSON.stringify({ status_code: status, request_id: requestId }).slice(0, -1);
  return Buffer.from(`${head},"response":${response},"body":${answer}},"error":null}\n`);
}

/** queued | running → cancelled, of all lines that have not ended. */
export const giveUpLines = (tx: Transaction, batchId: string) =>
  tx
    .update(asyncCalls)
    .set({ state: 'cancelled' satisfies CallState, body: null, run: null })
    .where(and(eq(asyncCalls.batchId, batchId), inArray(asyncCalls.state, ['queued', 'running'])));
