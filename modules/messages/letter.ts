import type { NotificationParameters } from '../../platform/capabilities/outbox/index.ts';

/** An e-mail as its reader understands it. */
export interface Letter {
  subject: string;
  paragraphs: string[];
  /** Where it leads, from the platform's own address on. A token goes behind the `#`, which browsers keep to themselves. */
  link?: { text: string; path: string; token?: string };
}

/** A letter for each kind, in one language. Parameters are clean; tiers have their names in that language. */
export type Letters = {
  [Kind in keyof NotificationParameters]: (parameters: NotificationParameters[Kind]) => Letter;
};
