import type { Layout } from './contract.ts';
import { showCards } from './show-cards.ts';

/** A reading without a model: what each card says by itself, where it lies. */
export const tableReading = (layout: Layout): string =>
  showCards(layout)
    .map(({ position, card, orientation, meaning }) => `${position} — ${card} (${orientation}). ${meaning}`)
    .join('\n\n');
