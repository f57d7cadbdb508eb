import { above, absent, both, either, equal, increase, min, rate, series, sum } from '../expressions/expression.ts';
import { MINUTE } from './durations.ts';
import type { AlertRule } from './rule.ts';
import { ANSWER_SECONDS, answerSeconds, BUSY_RATE, ERROR_BUDGET, errorShare, recordedErrors } from './service-level.ts';

/** Whether the platform and its units serve, and how well. */
export const requestRules: readonly AlertRule[] = [
  {
    name: 'Down',
    severity: 'critical',
    condition: () => either(equal(min(series('up', { job: 'pandect' })), 0), absent(series('pandect_instances'))),
    forSeconds: MINUTE,
    unit: 'none',
    sentence: 'The figures of the platform cannot be read',
    command: 'pandect doctor',
  },
  {
    name: 'UnitDown',
    severity: 'critical',
    condition: () =>
      both(
        equal(series('pandect_instances'), 0),
        equal(series('pandect_unit_state', { state: { like: 'backing_off|down' } }), 1),
        'unit',
      ),
    forSeconds: MINUTE,
    unit: 'none',
    sentence: '"{unit}" has no process: each one that was started failed',
    command: 'pandect logs {unit}',
  },
  {
    name: 'CrashLoop',
    severity: 'warning',
    threshold: 5,
    condition: (most) => above(sum(increase(series('pandect_restarts_total'), 10 * MINUTE), 'unit'), most),
    forSeconds: 0,
    unit: 'count',
    sentence: 'Processes of "{unit}" ended and were started again {value} times in 10 minutes (limit {threshold})',
    command: 'pandect kills {unit}',
  },
  {
    name: 'ErrorRate',
    severity: 'critical',
    threshold: 0.01,
    condition: (most) => above(errorShare(5 * MINUTE, BUSY_RATE), most),
    forSeconds: 5 * MINUTE,
    unit: 'share',
    sentence: '{value} of the requests end with an error of the server (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'EdgeErrors',
    severity: 'critical',
    threshold: 0.1,
    condition: (most) =>
      above(sum(rate(series('pandect_edge_responses_total', { status: { like: '502|503|504' } }), 5 * MINUTE)), most),
    forSeconds: 2 * MINUTE,
    unit: 'rate',
    sentence: 'The edge refuses {value} requests a second, as functions do not answer (limit {threshold})',
    command: 'pandect ps',
  },
  {
    name: 'SlowApi',
    severity: 'warning',
    threshold: 2,
    condition: (most) => above(answerSeconds(0.95, 5 * MINUTE), most),
    forSeconds: 5 * MINUTE,
    unit: 'seconds',
    sentence: 'One in 20 answers of the API takes more than {value} (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'ApiAboveTarget',
    severity: 'info',
    threshold: ANSWER_SECONDS,
    condition: (most) => above(series('pandect:api_answers:p95_seconds_rate5m'), most),
    forSeconds: 15 * MINUTE,
    unit: 'seconds',
    sentence: 'One in 20 answers of the API takes more than {value} (promised {threshold})',
    command: 'pandect top',
  },
  {
    name: 'BudgetBurnsFast',
    severity: 'critical',
    threshold: 14.4 * ERROR_BUDGET,
    condition: (most) => both(above(recordedErrors('1h'), most), above(recordedErrors('5m'), most)),
    forSeconds: 2 * MINUTE,
    unit: 'share',
    sentence:
      '{value} of the requests of an hour failed: the errors allowed for a month last two days (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'BudgetBurns',
    severity: 'critical',
    threshold: 6 * ERROR_BUDGET,
    condition: (most) => both(above(recordedErrors('6h'), most), above(recordedErrors('30m'), most)),
    forSeconds: 15 * MINUTE,
    unit: 'share',
    sentence:
      '{value} of the requests of six hours failed: the errors allowed for a month last five days (limit {threshold})',
    command: 'pandect top',
  },
];
