import type { CallEndpoint } from '../../../db/schema/models/batches.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Boot } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { findCaller } from '../../people/identity/index.ts';
import { checkCall } from '../calls/create-call-maker.ts';
import { configurations } from '../configuration/provide-configurations.ts';
import { messageOf } from '../dialects/write-openai-error.ts';
import type { BatchRow } from './find-batch.ts';
import type { LineLimits } from './read-lines.ts';

/** As OpenAI has it. */
const MOST_LINES = 50_000;
/** Of a line, around its body. */
const AROUND_BYTES = 4_096;

/** What the lines of a batch may be: the same as calls whose callers wait. */
export async function batchLimits(boot: Boot): Promise<(row: BatchRow) => Promise<LineLimits>> {
  const made = await boot.useAll({ database, configurations });
  return async (row) => {
    const configuration = await made.configurations.of(row.organizationId);
    const caller = await findCaller(made.database, row);
    const endpoint: CallEndpoint = row.endpoint;
    return {
      ...{ endpoint, lines: MOST_LINES, bytes: configuration.limits.bodyBytes + AROUND_BYTES },
      check(body) {
        try {
          checkCall(configuration, caller, endpoint, body);
          return undefined;
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          return { message: messageOf(error), param: error.errors?.[0]?.path ?? 'body.model' };
        }
      },
    };
  };
}
