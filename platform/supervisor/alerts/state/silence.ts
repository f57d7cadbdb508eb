import type { ActiveAlert } from './step-alerts.ts';

/** Alerts that are not sent for a while. */
export interface Silence {
  rule: string;
  /** Of these, those in which a label is this: the name of a unit, a queue or a provider. */
  unit?: string | undefined;
  /** ISO 8601. */
  until: string;
}

export const isSilenced = (
  { rule, labels }: Pick<ActiveAlert, 'rule' | 'labels'>,
  silences: readonly Silence[],
): boolean =>
  silences.some(
    (silence) => silence.rule === rule && (silence.unit === undefined || Object.values(labels).includes(silence.unit)),
  );

export const isSameSilence = (a: Pick<Silence, 'rule' | 'unit'>, b: Pick<Silence, 'rule' | 'unit'>): boolean =>
  a.rule === b.rule && a.unit === b.unit;

/** Those that are not over. */
export const silencesNow = (silences: readonly Silence[], now: Date): Silence[] =>
  silences.filter(({ until }) => new Date(until) > now);
