import { createPlaces } from '../../capabilities/outbound/places.ts';
import { OUTBOUND_CONNECTIONS, OUTBOUND_KEPT_CONNECTIONS, OUTBOUND_WAIT_SECONDS } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';

/** For requests of this process to other hosts, all together. */
export const outboundPlaces = defineProvider(
  [OUTBOUND_CONNECTIONS, OUTBOUND_KEPT_CONNECTIONS, OUTBOUND_WAIT_SECONDS],
  (_, settings) =>
    createPlaces({
      most: settings.OUTBOUND_CONNECTIONS,
      kept: settings.OUTBOUND_KEPT_CONNECTIONS,
      waitMs: settings.OUTBOUND_WAIT_SECONDS * 1000,
    }),
);
