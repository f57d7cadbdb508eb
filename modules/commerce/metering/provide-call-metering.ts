import { type Boot, defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { CALL_JOURNAL_DIR, RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM } from '../variables.ts';
import { createCallMetering, type SpentBudget } from './calls/call-metering.ts';
import { openJournal } from './calls/journal.ts';
import { replayJournals } from './calls/replay-journals.ts';

const settleLag = {
  name: 'pandect_gateway_settle_lag_seconds',
  description: 'Time from the end of a call until its charge is in the database',
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300],
};

/** What this process has settled is in the database when it has closed; what others left behind is settled when it starts. */
export const callMetering = defineProvider(
  [CALL_JOURNAL_DIR, RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM],
  async (boot, settings) => {
    const { CALL_JOURNAL_DIR: folder, RATE_LIMIT_EXTERNAL_TPM: external, RATE_LIMIT_INTERNAL_TPM: internal } = settings;
    const opened = await boot.use(database);
    const journal = openJournal(folder);
    const onFailure = (error: unknown) => boot.log.error({ error }, 'Settle calls: one could not be written');
    const onSpent = (organizationId: string, spent: readonly SpentBudget[]) => tell(boot, organizationId, spent);
    const onWritten = (lagMs: number) => boot.metrics.record(settleLag, {}, lagMs / 1000);
    const metering = createCallMetering(
      opened,
      { tokensPerMinute: { external, internal } },
      { journal, onSpent, onWritten, onFailure },
    );
    const replayed = replayJournals(opened, folder, new Date()).catch((error: unknown) =>
      boot.log.warn({ error }, 'Replay journals of calls: the next start or sweep repeats it'),
    );
    boot.onClose(async () => {
      await replayed;
      await metering.flush().finally(() => journal.close());
    });
    return metering;
  },
);

/** What a letter needs is loaded for the first one. */
async function tell(boot: Boot, organizationId: string, spent: readonly SpentBudget[]): Promise<void> {
  const [{ notifications }, { tellBudget }] = await Promise.all([
    import('../../../platform/runtime/providers/notifications.ts'),
    import('../budgets/tell-budget.ts'),
  ]);
  const letters = await boot.use(notifications);
  await (await boot.use(database)).tenant(organizationId, async (tx) => {
    for (const budget of spent) await tellBudget(tx, letters, organizationId, budget);
  });
}
