import type { Condition, Labels, Vector } from '../expressions/expression.ts';

/** `info` is worth a look, `warning` wants one today, `critical` at once. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How a value and its threshold are shown. */
export type ValueUnit = 'share' | 'seconds' | 'count' | 'rate' | 'none';

export interface AlertRule {
  /** Of Prometheus, Alertmanager, `pandect alerts` and the documentation. */
  name: string;
  severity: Severity;
  /** What the value is compared with, where an operator may set something else. */
  threshold?: number;
  condition(threshold: number): Condition;
  /** How long it has to be so without a break. */
  forSeconds: number;
  unit: ValueUnit;
  /** What is the case, with `{value}`, `{threshold}` and labels such as `{queue}`. */
  sentence: string;
  /** What to run to see more, with labels. */
  command: string;
  /** Prometheus alone can tell. */
  isForPrometheus?: boolean;
}

/** A value that several rules and dashboards use, under a name of its own. */
export interface RecordingRule {
  name: string;
  expression: Vector;
  /** It looks back further than the supervisor remembers. */
  isForPrometheus?: boolean;
}

/** A text with what its braces name. */
export const fill = (text: string, values: Labels): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** The condition with the threshold that the rule comes with, or another one. */
export const conditionOf = ({ condition, threshold }: AlertRule, other = threshold): Condition =>
  condition(other ?? Number.NaN);
