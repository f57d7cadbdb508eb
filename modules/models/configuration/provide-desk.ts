import { readSecretsKey } from '../../../platform/capabilities/secrets/index.ts';
import { OUTBOUND_WHITELIST } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { GATEWAY_SECRETS_KEY_PATH } from '../variables.ts';
import { createDesk, type GatewayDesk } from './desk.ts';
import { environmentVariables } from './from-environment.ts';
import { fileVariables } from './key-source.ts';
import { gatewayDefaults } from './provide-configurations.ts';

/** What operators do to the configuration. It checks documents, which processes that only follow it need not load. */
export const gatewayDesk = defineProvider(
  [...environmentVariables, ...fileVariables, OUTBOUND_WHITELIST, GATEWAY_SECRETS_KEY_PATH],
  async (boot, settings): Promise<GatewayDesk> =>
    createDesk({
      ...(await boot.useAll({ database, defaults: gatewayDefaults })),
      settings,
      hosts: settings.OUTBOUND_WHITELIST,
      readKey: () => readSecretsKey(settings.GATEWAY_SECRETS_KEY_PATH),
    }),
);
