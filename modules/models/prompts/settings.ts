import { eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { promptLogSettings, promptLogs } from '../../../db/schema/models/prompt-logs.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { recordAct } from '../../people/record-act.ts';
import { loggingKeepMs } from '../configuration/logging-keep.ts';
import { announceConfiguration } from '../configuration/topic.ts';
import { newestVersion } from '../configuration/versions/read.ts';
import { promptDays } from './prompt-days.ts';

const DAY_MS = 86_400_000;

/** Whether prompts of an organization are logged, and for how many days. */
export interface PromptLogSetting {
  enabled: boolean;
  /** null while it is off. */
  keepDays: number | null;
  /** What the platform allows. */
  mostDays: number;
}

export const showPromptLog = (database: Pick<Database, 'tenant'>, organizationId: string): Promise<PromptLogSetting> =>
  database.tenant(organizationId, (tx) => show(tx, organizationId));

/**
 * Switches the log of prompts on or off, in every process within a second; off deletes what was logged.
 * @throws Problem invalid-request for more days than the platform allows
 */
export const setPromptLog = (
  database: Pick<Database, 'tenant'>,
  { organizationId, userId }: Pick<Caller, 'organizationId' | 'userId'>,
  keepDays: number | undefined,
): Promise<PromptLogSetting> =>
  database.tenant(organizationId, async (tx) => {
    const { mostDays } = await show(tx, organizationId);
    if (keepDays !== undefined && keepDays > mostDays) {
      const message = `must be at most ${mostDays}, as the platform keeps prompts no longer`;
      throw new Problem(invalidRequest, { errors: [{ path: 'json.keepDays', message }] });
    }
    if (keepDays === undefined) {
      await tx.delete(promptLogSettings).where(eq(promptLogSettings.organizationId, organizationId));
      await tx.delete(promptLogs).where(eq(promptLogs.organizationId, organizationId));
    } else {
      await tx
        .insert(promptLogSettings)
        .values({ organizationId, keepDays })
        .onConflictDoUpdate({ target: promptLogSettings.organizationId, set: { keepDays } });
    }
    const action = keepDays === undefined ? 'disable-prompt-log' : 'enable-prompt-log';
    await recordAct(tx, { organizationId, actorId: userId, action, ...(keepDays && { details: { keepDays } }) });
    await announceConfiguration(tx);
    return show(tx, organizationId);
  });

async function show(tx: Transaction, organizationId: string): Promise<PromptLogSetting> {
  const keepDays = await promptDays(tx, organizationId);
  const newest = await newestVersion(tx);
  const mostDays = Math.max(1, Math.floor(loggingKeepMs(newest?.document) / DAY_MS));
  return { enabled: keepDays !== undefined, keepDays: keepDays ?? null, mostDays };
}
