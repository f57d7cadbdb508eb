/**
 * Conditions of alerts as data, in the operations that PromQL has under the same names: `to-promql.ts` writes them for Prometheus, and
 * `evaluate.ts` works them out on what the supervisor keeps.
 */

/** Labels of a series, without its name. */
export type Labels = Readonly<Record<string, string>>;

/** What a label has to be: exactly this, a whole match of a regular expression (of the syntax that JavaScript and RE2 share), or none. */
export type Wanted = string | { like?: string; notLike?: string };

export interface Selector {
  kind: 'series';
  name: string;
  where: Readonly<Record<string, Wanted>>;
  /** The value as it was so long ago. */
  agoSeconds: number;
}

export type WindowFunction = 'rate' | 'increase' | 'delta' | 'avg_over_time' | 'predict_linear';

export interface Window {
  kind: 'window';
  function: WindowFunction;
  of: Selector;
  seconds: number;
  /** Of `predict_linear`: how far ahead. */
  aheadSeconds?: number;
}

export interface Aggregate {
  kind: 'aggregate';
  function: 'sum' | 'max' | 'min';
  of: Vector;
  by: readonly string[];
}

/** `histogram_quantile` of buckets with the label `le`. */
export interface Quantile {
  kind: 'quantile';
  /** Between 0 and 1. */
  share: number;
  of: Vector;
}

/** Both sides have the same labels, or one is a number. */
export interface Arithmetic {
  kind: 'arithmetic';
  operator: '+' | '-' | '*' | '/';
  left: Vector | number;
  right: Vector | number;
}

/** Values below `least` count as that, such as divisors near 0. */
export interface AtLeast {
  kind: 'at-least';
  of: Vector;
  least: number;
}

/** 0 without labels where there is nothing. */
export interface OrZero {
  kind: 'or-zero';
  of: Vector;
}

/** Of a time in seconds since 1970: how long it is ago, or how long it is until then. */
export interface SinceOrUntil {
  kind: 'since' | 'until';
  of: Vector;
}

/** The values that compare so; labels as for arithmetic. */
export interface Compare {
  kind: 'compare';
  operator: '>' | '>=' | '<' | '==';
  left: Vector;
  right: Vector | number;
}

/** Those of the left side for which the right side has something with the same values of these labels. */
export interface Both {
  kind: 'both';
  left: Condition;
  right: Condition;
  on: readonly string[];
}

/** Those of the left side, and those of the right side with other labels. */
export interface Either {
  kind: 'either';
  left: Condition;
  right: Condition;
}

/** 1 where there is no such series. */
export interface Absent {
  kind: 'absent';
  of: Selector;
}

/** Always 1. */
export interface Always {
  kind: 'always';
}

export type Vector = Selector | Window | Aggregate | Quantile | Arithmetic | AtLeast | OrZero | SinceOrUntil;
export type Condition = Compare | Both | Either | Absent | Always;
export type Expression = Vector | Condition;

export const series = (name: string, where: Selector['where'] = {}): Selector => ({
  kind: 'series',
  name,
  where,
  agoSeconds: 0,
});
export const ago = (of: Selector, agoSeconds: number): Selector => ({ ...of, agoSeconds });

const window = (name: WindowFunction, of: Selector, seconds: number): Window => ({
  kind: 'window',
  function: name,
  of,
  seconds,
});
export const rate = (of: Selector, seconds: number): Window => window('rate', of, seconds);
export const increase = (of: Selector, seconds: number): Window => window('increase', of, seconds);
export const delta = (of: Selector, seconds: number): Window => window('delta', of, seconds);
export const average = (of: Selector, seconds: number): Window => window('avg_over_time', of, seconds);
export const predict = (of: Selector, seconds: number, aheadSeconds: number): Window => ({
  ...window('predict_linear', of, seconds),
  aheadSeconds,
});

const aggregate = (name: Aggregate['function'], of: Vector, by: readonly string[]): Aggregate => ({
  kind: 'aggregate',
  function: name,
  of,
  by,
});
export const sum = (of: Vector, ...by: string[]): Aggregate => aggregate('sum', of, by);
export const max = (of: Vector, ...by: string[]): Aggregate => aggregate('max', of, by);
export const min = (of: Vector, ...by: string[]): Aggregate => aggregate('min', of, by);
export const quantile = (share: number, of: Vector): Quantile => ({ kind: 'quantile', share, of });

const arithmetic =
  (operator: Arithmetic['operator']) =>
  (left: Vector | number, right: Vector | number): Arithmetic => ({ kind: 'arithmetic', operator, left, right });
export const plus = arithmetic('+');
export const minus = arithmetic('-');
export const times = arithmetic('*');
export const ratio = arithmetic('/');
export const atLeast = (of: Vector, least: number): AtLeast => ({ kind: 'at-least', of, least });
export const orZero = (of: Vector): OrZero => ({ kind: 'or-zero', of });
export const since = (of: Vector): SinceOrUntil => ({ kind: 'since', of });
export const until = (of: Vector): SinceOrUntil => ({ kind: 'until', of });

const compare =
  (operator: Compare['operator']) =>
  (left: Vector, right: Vector | number): Compare => ({ kind: 'compare', operator, left, right });
export const above = compare('>');
export const from = compare('>=');
export const below = compare('<');
export const equal = compare('==');
export const both = (left: Condition, right: Condition, ...on: string[]): Both => ({ kind: 'both', left, right, on });
export const either = (left: Condition, right: Condition): Either => ({ kind: 'either', left, right });
export const absent = (of: Selector): Absent => ({ kind: 'absent', of });
export const always: Always = { kind: 'always' };

/** What an expression reads, and how far back. */
export interface Reading {
  selector: Selector;
  seconds: number;
}

/** Everything that an expression reads. */
export function readingsOf(expression: Expression | number): Reading[] {
  if (typeof expression === 'number') return [];
  switch (expression.kind) {
    case 'series':
      return [{ selector: expression, seconds: expression.agoSeconds }];
    case 'window':
      return [{ selector: expression.of, seconds: expression.seconds + expression.of.agoSeconds }];
    case 'arithmetic':
    case 'compare':
    case 'both':
    case 'either':
      return [...readingsOf(expression.left), ...readingsOf(expression.right)];
    case 'always':
      return [];
    default:
      return readingsOf(expression.of);
  }
}
