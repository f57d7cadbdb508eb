/** A panel of a dashboard: what it asks Prometheus, and how Grafana draws the answer. */
export interface Panel {
  title: string;
  /** `line`: over time. `number`: the last value, large. `bars`: the last value of each series, the largest first. */
  kind: 'line' | 'number' | 'bars';
  /** As Grafana names it: `s`, `bytes`, `percentunit`, `reqps`, `short`. */
  unit: string;
  /** Expressions of Prometheus, each with the name of its series: text with `{{label}}`. */
  queries: readonly (readonly [expression: string, legend: string])[];
  /** What it means, and what to do about it. */
  about?: string;
  /** Values from which it is yellow and red; with the first above the second, below which it is. */
  limits?: readonly [warning: number, critical: number];
  /** Highest value of the axis. */
  max?: number;
}

export interface Dashboard {
  /** File and address: `overview`. */
  name: string;
  title: string;
  about: string;
  panels: readonly Panel[];
}
