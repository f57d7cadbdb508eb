import { type ActiveAlert, alertKey, type Findings } from '../state/step-alerts.ts';

const BELIEVED_SECONDS = { pending: 60, firing: 900 };

/** Alerts of an earlier supervisor: its values are gone, and rates need some, so that they are believed for a while. */
export interface InheritedAlerts {
  /** Findings with those that are still believed. */
  added(findings: Findings, active: readonly ActiveAlert[], at: number): Findings;
  isBelieved(alert: ActiveAlert, at: number): boolean;
}

/** @param at now, in seconds of the clock of the alerts */
export function inheritAlerts(alerts: readonly ActiveAlert[], at: number): InheritedAlerts {
  const believed = new Map(alerts.map((alert) => [alertKey(alert), at + BELIEVED_SECONDS[alert.state]]));
  const isBelieved = (alert: ActiveAlert, now: number) => now < (believed.get(alertKey(alert)) ?? 0);
  return {
    isBelieved,
    added(findings, active, now) {
      if (believed.size === 0) return findings;
      return new Map(
        [...findings].map(([rule, found]) => {
          const keys = new Set(found.map(({ labels }) => alertKey({ rule: rule.name, labels })));
          for (const key of keys) believed.delete(key);
          const restored = active.filter(
            (alert) => alert.rule === rule.name && !keys.has(alertKey(alert)) && isBelieved(alert, now),
          );
          return [rule, [...found, ...restored]];
        }),
      );
    },
  };
}
