import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { outboundPlaces } from '../../../platform/runtime/providers/outbound-places.ts';
import type { ImageModel } from '../image-model.ts';
import { FAL_JWKS_URL } from '../variables.ts';
import { createFalCallbackReader } from './fal/read-callback.ts';
import { readRunpodCallback } from './runpod/reference.ts';

export interface ImageCallbacks {
  modelOf(provider: string): Pick<ImageModel, 'readCallback'>;
}

/** Reads callbacks of providers without their keys, for the process that the Internet reaches. */
export const imageCallbacks = defineProvider(
  [FAL_JWKS_URL, OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS],
  async (boot, settings): Promise<ImageCallbacks> => {
    const fal = createFalCallbackReader({
      jwksUrl: settings.FAL_JWKS_URL,
      allowedHosts: settings.OUTBOUND_WHITELIST,
      internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
      places: await boot.use(outboundPlaces),
    });
    return {
      modelOf(provider) {
        if (provider === 'fal') return { readCallback: fal };
        return provider === 'runpod' ? { readCallback: readRunpodCallback } : {};
      },
    };
  },
);
