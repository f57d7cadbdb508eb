import { defineNumber } from '../../platform/kernel/environment.ts';

/* Variables of generations. */

export const IMAGE_TIMEOUT_SECONDS = defineNumber(
  'IMAGE_TIMEOUT_SECONDS',
  [10, 3600],
  600,
  'Seconds that a provider may take for the images of one request, its own queue included',
);

export const IMAGE_WAIT_SECONDS = defineNumber(
  'IMAGE_WAIT_SECONDS',
  [10, 86_400],
  900,
  'Seconds that a request for images waits for its turn before it expires',
);
