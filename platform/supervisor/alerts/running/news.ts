import type { ToldAlert } from '../state/alert-file.ts';
import type { Tellable } from '../state/plan-message.ts';
import { isSilenced, type Silence } from '../state/silence.ts';
import { alertKey } from '../state/step-alerts.ts';

/** Something that a message may tell: a firing alert, or one that is over. Times are in seconds of the steady clock. */
export interface News extends Tellable {
  key: string;
  told: ToldAlert;
}

/** Of a firing alert. */
export const newsOf = (
  told: ToldAlert,
  { at, toldAt, silences }: { at: number; toldAt: number | undefined; silences: readonly Silence[] },
): News => ({
  ...{ key: alertKey(told), told, severity: told.severity, at, toldAt },
  isSilenced: isSilenced(told, silences),
});

/** Of one that is over. */
export const newsOfPast = (told: ToldAlert, at: number): News => ({
  ...{ key: alertKey(told), told, severity: told.severity, isSilenced: false, at },
});
