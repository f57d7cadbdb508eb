import type { Stats } from 'sharp';

/** Of a channel that goes from 0 to 255: less than a rounding of a colour makes. */
const ONE_VALUE_SPREAD = 2;
const LEAST_ENTROPY = 0.01;

/**
 * Whether a picture shows nothing: one colour, or nearly, as some providers give in place of a flagged one, or no part that can be seen.
 * @param hasAlpha whether the last channel is that of opacity
 */
export function isBlank({ channels, entropy }: Pick<Stats, 'channels' | 'entropy'>, hasAlpha: boolean): boolean {
  const isOneValue = channels.map(({ min, max }) => max - min <= ONE_VALUE_SPREAD);
  if (hasAlpha) {
    // A shape of one colour shows by its opacity alone.
    if (!isOneValue.at(-1)) return false;
    if (channels.at(-1)?.max === 0) return true;
  }
  return isOneValue.every(Boolean) || entropy < LEAST_ENTROPY;
}
