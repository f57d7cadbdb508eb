import { guides } from '../alerts/rules/guides.ts';
import { fill } from '../alerts/rules/rule.ts';
import { guideLink } from '../alerts/rules/write-guides.ts';
import type { AlertListing } from '../alerts/running/alerts.ts';

/** An alert that fires, or waits whether it lasts. */
export type AlertRow = AlertListing['alerts'][number] & {
  /** Where the documentation says what to do. */
  help: string;
  /** Path of the console's screen that shows the cause. */
  screen: string;
};

export const alertRows = ({ alerts }: Pick<AlertListing, 'alerts'>): AlertRow[] =>
  alerts.map((alert) => ({ ...alert, help: guideLink(alert.rule), screen: screenOf(alert) }));

const screenOf = ({ rule, labels }: AlertListing['alerts'][number]): string => {
  const encoded = Object.entries(labels).map(([name, value]) => [name, encodeURIComponent(value)]);
  return fill(guides[rule]?.screen ?? '/alerts', Object.fromEntries(encoded));
};
