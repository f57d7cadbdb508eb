import {
  RATE_LIMIT_EXTERNAL_RPM,
  RATE_LIMIT_INTERNAL_RPM,
  RATE_LIMIT_PERSON_RPM,
} from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM } from '../variables.ts';

/** What each channel may do in a minute, as configured. */
export interface ChannelLimits {
  /** By each key. */
  requests: number;
  /** By each organization. */
  tokens: number;
}

export const channelLimits = defineProvider(
  [RATE_LIMIT_EXTERNAL_RPM, RATE_LIMIT_INTERNAL_RPM, RATE_LIMIT_EXTERNAL_TPM, RATE_LIMIT_INTERNAL_TPM],
  (_, settings): Record<'external' | 'internal', ChannelLimits> => ({
    external: { requests: settings.RATE_LIMIT_EXTERNAL_RPM, tokens: settings.RATE_LIMIT_EXTERNAL_TPM },
    internal: { requests: settings.RATE_LIMIT_INTERNAL_RPM, tokens: settings.RATE_LIMIT_INTERNAL_TPM },
  }),
);

/** Requests that each person may make in a minute, from all of their pages and devices. */
export const personRequests = defineProvider([RATE_LIMIT_PERSON_RPM], (_, settings) => settings.RATE_LIMIT_PERSON_RPM);
