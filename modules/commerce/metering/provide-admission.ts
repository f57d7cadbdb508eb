import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM } from '../variables.ts';
import { createAdmission } from './index.ts';

export const admission = defineProvider([RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM], async (boot, settings) =>
  createAdmission(await boot.use(database), {
    tokensPerMinute: { external: settings.RATE_LIMIT_EXTERNAL_TPM, internal: settings.RATE_LIMIT_INTERNAL_TPM },
  }),
);
