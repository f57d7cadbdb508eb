import { keyOf } from '../expressions/evaluate.ts';
import type { Labels } from '../expressions/expression.ts';
import type { Sample } from '../expressions/history.ts';
import type { AlertRule } from '../rules/rule.ts';

/**
 * An alert between the first time that its condition was met and the first time that it was not:
 *
 *   (condition) → pending → (met for so long) → firing → (not met) → resolved
 */
export interface ActiveAlert {
  rule: string;
  labels: Labels;
  state: 'pending' | 'firing';
  value: number;
  /** When the condition was first met, in seconds of the evaluator's clock. */
  since: number;
}

/** What a rule found, by its labels. */
export type Findings = ReadonlyMap<AlertRule, readonly Sample[]>;

export interface Step {
  active: ActiveAlert[];
  /** Firing from now on. */
  began: ActiveAlert[];
  /** Firing until now. */
  ended: ActiveAlert[];
}

export const alertKey = ({ rule, labels }: Pick<ActiveAlert, 'rule' | 'labels'>): string => `${rule}${keyOf(labels)}`;

/** @param findings of the rules that were evaluated; alerts of others stay as they are */
export function stepAlerts(before: readonly ActiveAlert[], findings: Findings, at: number): Step {
  const former = new Map(before.map((alert) => [alertKey(alert), alert]));
  const known = new Set([...findings.keys()].map(({ name }) => name));
  const found = [...findings].flatMap(([{ name, forSeconds }, samples]) =>
    samples.map(({ labels, value }): ActiveAlert => {
      const { since = at, state = 'pending' } = former.get(alertKey({ rule: name, labels })) ?? {};
      const isDue = state === 'firing' || at - since >= forSeconds;
      return { rule: name, labels, value, since, state: isDue ? 'firing' : 'pending' };
    }),
  );
  const active = [...found, ...before.filter(({ rule }) => !known.has(rule))];
  const present = new Set(active.map(alertKey));
  return {
    active,
    began: found.filter((alert) => alert.state === 'firing' && former.get(alertKey(alert))?.state !== 'firing'),
    ended: before.filter((alert) => alert.state === 'firing' && !present.has(alertKey(alert))),
  };
}
