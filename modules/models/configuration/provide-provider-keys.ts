import { readSecretsKey } from '../../../platform/capabilities/secrets/index.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { GATEWAY_SECRETS_KEY_PATH } from '../variables.ts';
import { createProviderKeys } from './provider-keys.ts';

/** Keys of organizations. It reads none of the platform's. */
export const providerKeys = defineProvider([GATEWAY_SECRETS_KEY_PATH], async (boot, { GATEWAY_SECRETS_KEY_PATH }) =>
  createProviderKeys({
    database: await boot.use(database),
    readKey: () => readSecretsKey(GATEWAY_SECRETS_KEY_PATH),
  }),
);
