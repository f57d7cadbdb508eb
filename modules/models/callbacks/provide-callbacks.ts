import { createOutboundFetch } from '../../../platform/capabilities/outbound/index.ts';
import { readSecretsKey, seal, unseal } from '../../../platform/capabilities/secrets/index.ts';
import { OUTBOUND_WHITELIST } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { outboundPlaces } from '../../../platform/runtime/providers/outbound-places.ts';
import { GATEWAY_SECRETS_KEY_PATH } from '../variables.ts';
import type { SecretSeal } from './webhook-secret.ts';

const name = 'webhook';

/** Secrets of callbacks are encrypted like those of providers. */
export const webhookSeal = defineProvider([GATEWAY_SECRETS_KEY_PATH], (_, settings): SecretSeal => {
  let key: Promise<Buffer> | undefined;
  const read = () => (key ??= readSecretsKey(settings.GATEWAY_SECRETS_KEY_PATH));
  return {
    seal: async (organizationId, secret) => seal(await read(), { organizationId, name }, secret),
    async open(organizationId, sealed) {
      const secret = unseal(await read(), { organizationId, name }, sealed);
      if (secret === undefined) throw new Error('Open webhook secret: it was encrypted with another key');
      return secret;
    },
  };
});

/** Hosts that may be called, and how: names that lead to internal addresses never, whatever else may call those. */
export const callbackHosts = defineProvider([OUTBOUND_WHITELIST], (_, settings) => settings.OUTBOUND_WHITELIST);

export const callbackFetch = defineProvider([OUTBOUND_WHITELIST], async (boot, settings) =>
  createOutboundFetch(settings.OUTBOUND_WHITELIST, { places: await boot.use(outboundPlaces) }),
);
