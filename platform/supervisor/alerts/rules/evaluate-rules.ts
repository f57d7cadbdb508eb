import { evaluate, type Moment } from '../expressions/evaluate.ts';
import { type Reading, readingsOf } from '../expressions/expression.ts';
import type { History, Sample } from '../expressions/history.ts';
import type { Findings } from '../state/step-alerts.ts';
import { recordingRules } from './alert-rules.ts';
import { type AlertRule, conditionOf } from './rule.ts';

/** Says whether figures could be read, as Prometheus does of what it scrapes. */
const UP = 'up';
export const upText = (isUp: boolean): string => `\n${UP}{job="pandect"} ${isUp ? 1 : 0}\n`;

const ownRecordings = recordingRules.filter(({ isForPrometheus }) => !isForPrometheus);

/** Everything that these rules read. */
export const readingsOfRules = (rules: readonly AlertRule[]): Reading[] => [
  ...rules.flatMap((rule) => readingsOf(conditionOf(rule))),
  ...ownRecordings.flatMap(({ expression }) => readingsOf(expression)),
];

export interface Evaluation {
  history: History;
  rules: readonly AlertRule[];
  /** The figures; undefined when they could not be read: only rules on that are evaluated then. */
  text: string | undefined;
  at: number;
  wallSeconds: number;
}

/** Takes the figures into the history, and finds what they say. */
export function evaluateRules({ history, rules, text, at, wallSeconds }: Evaluation): Findings {
  history.record((text ?? '') + upText(text !== undefined), at);
  const moment: Moment = { history, at, wallSeconds };
  if (text !== undefined) {
    for (const { name, expression } of ownRecordings)
      history.put(name, evaluate(expression, moment).filter(isNumber), at);
  }
  const readable = text === undefined ? rules.filter(readsUp) : rules;
  return new Map(readable.map((rule) => [rule, evaluate(conditionOf(rule), moment)]));
}

const isNumber = ({ value }: Sample): boolean => !Number.isNaN(value);
const readsUp = (rule: AlertRule): boolean =>
  readingsOf(conditionOf(rule)).some(({ selector }) => selector.name === UP);
