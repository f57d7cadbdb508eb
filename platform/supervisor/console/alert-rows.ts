import type { AlertListing } from '../alerts/running/alerts.ts';

/** An alert that fires, or waits whether it lasts. */
export type AlertRow = AlertListing['alerts'][number] & {
  /** Where the documentation says what to do. */
  help: string;
};

/** Where each rule stands with what to do. */
export const HELP = 'docs/monitoring.md#what-each-means';

export const alertRows = ({ alerts }: Pick<AlertListing, 'alerts'>): AlertRow[] =>
  alerts.map((alert) => ({ ...alert, help: HELP }));
