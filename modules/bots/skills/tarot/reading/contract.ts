import type { Language } from '../../../../../platform/kernel/problem.ts';
import type { ReadCard } from '../deck/read-cards.ts';
import type { Spread } from '../spreads.ts';

/** Cards that lie, and what they are asked. */
export interface Layout {
  spread: Spread;
  /** One for each position. */
  cards: readonly ReadCard[];
  /** As `cleanQuestion` left it; empty for none. */
  question: string;
  language: Language;
}
