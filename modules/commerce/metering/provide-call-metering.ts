import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM } from '../variables.ts';
import { createCallMetering } from './calls/call-metering.ts';

/** What this process has settled is in the database when it has closed. */
export const callMetering = defineProvider(
  [RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM],
  async (boot, { RATE_LIMIT_EXTERNAL_TPM: external, RATE_LIMIT_INTERNAL_TPM: internal }) => {
    const onFailure = (error: unknown) => boot.log.error({ error }, 'Settle calls: the database refused one');
    const tokensPerMinute = { external, internal };
    const metering = createCallMetering(await boot.use(database), { tokensPerMinute }, { onFailure });
    boot.onClose(() => metering.flush());
    return metering;
  },
);
