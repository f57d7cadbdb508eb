import { LIMIT_REASONS } from '../../../kernel/telemetry/limit-reasons.ts';
import { above, ago, both, delta, equal, increase, max, series, sum, times } from '../expressions/expression.ts';
import { HOUR, MINUTE, WEEK } from './durations.ts';
import type { AlertRule, RecordingRule } from './rule.ts';

const waiting = sum(series('pandect_queue_jobs', { state: 'waiting' }), 'queue');
const tokens = series('pandect:tokens:increase1h');
/** Fewer tokens of an hour alert no one, however quiet the week before was. */
const NOTABLE_TOKENS = 100_000;

const OF_LIMITS = { reason: { like: LIMIT_REASONS } };

export const tokenUse: RecordingRule = {
  name: tokens.name,
  expression: sum(increase(series('openai_tokens_total'), HOUR)),
};

/** Whether jobs are done, and what models and limits say. */
export const workRules: readonly AlertRule[] = [
  {
    name: 'QueueGrows',
    severity: 'info',
    threshold: 10,
    condition: (most) => above(waiting, most),
    forSeconds: 5 * MINUTE,
    unit: 'count',
    sentence: '{value} jobs wait in the queue "{queue}" (limit {threshold})',
    command: 'pandect jobs list {queue}',
  },
  {
    name: 'Queue',
    severity: 'warning',
    threshold: 100,
    condition: (most) => above(waiting, most),
    forSeconds: 5 * MINUTE,
    unit: 'count',
    sentence: '{value} jobs wait in the queue "{queue}" (limit {threshold})',
    command: 'pandect jobs list {queue}',
  },
  {
    name: 'QueueAge',
    severity: 'warning',
    threshold: 600,
    condition: (most) => above(max(series('pandect_queue_oldest_seconds'), 'queue'), most),
    forSeconds: 5 * MINUTE,
    unit: 'seconds',
    sentence: 'The oldest job of the queue "{queue}" has waited for {value} (limit {threshold})',
    command: 'pandect jobs list {queue}',
  },
  {
    name: 'DeadJobs',
    severity: 'warning',
    threshold: 0,
    condition: (most) => above(sum(delta(series('pandect_queue_jobs', { state: 'dead' }), 15 * MINUTE), 'queue'), most),
    forSeconds: 0,
    unit: 'count',
    sentence: 'Jobs of the queue "{queue}" failed for good: {value} in 15 minutes',
    command: 'pandect jobs list {queue} --state dead',
  },
  {
    name: 'Stalled',
    severity: 'warning',
    threshold: 0,
    condition: (most) => above(max(series('documents_stalled')), most),
    forSeconds: 10 * MINUTE,
    unit: 'count',
    sentence: '{value} documents are not read any further',
    command: 'pandect jobs list ingest',
  },
  {
    name: 'BreakerOpen',
    severity: 'warning',
    condition: () => equal(max(series('pandect_breaker_open'), 'provider'), 1),
    forSeconds: 2 * MINUTE,
    unit: 'none',
    sentence: 'The provider "{provider}" fails and is not called',
    command: 'pandect gateway breakers',
  },
  {
    name: 'TokenUse',
    severity: 'warning',
    threshold: 3,
    condition: (most) => both(above(tokens, times(ago(tokens, WEEK), most)), above(tokens, NOTABLE_TOKENS)),
    forSeconds: 10 * MINUTE,
    unit: 'count',
    sentence:
      '{value} tokens of models were used in an hour, more than {threshold} times those of the same hour a week ago',
    command: 'pandect gateway calls',
  },
  {
    name: 'LimitsReached',
    severity: 'info',
    threshold: 0,
    condition: (most) => above(sum(increase(series('pandect_refused_total', OF_LIMITS), 15 * MINUTE), 'reason'), most),
    forSeconds: 0,
    unit: 'count',
    sentence: 'Organizations reached a limit ({reason}): {value} refusals in 15 minutes',
    command: 'pandect usage limits',
  },
];
