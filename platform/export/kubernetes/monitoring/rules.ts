import { parse } from 'yaml';
import type { Condition, Expression, Vector } from '../../../supervisor/alerts/expressions/expression.ts';
import { toPromql } from '../../../supervisor/alerts/expressions/to-promql.ts';
import { alertRules, recordingRules } from '../../../supervisor/alerts/rules/alert-rules.ts';
import { type AlertRule, conditionOf } from '../../../supervisor/alerts/rules/rule.ts';
import { writePrometheusRules } from '../../../supervisor/alerts/rules/write-prometheus-rules.ts';

/** Series that the supervisor of one host shows, and no pod. */
const OF_ONE_HOST =
  /\bpandect_(?:instances|unit_state|restarts_total|edge_responses_total|host_|database_|backup_|wal_|files_archived_|restore_drill_|certificate_)/;
/** Every pod of a worker shows the same figures of its queues. */
const OF_QUEUES = /^pandect_queue_/;
/** May lack in a sum without harm: what the edge of one host answered itself. */
const ADDED = /\(sum\((?:rate|increase)\(pandect_edge_responses_total[^)]*\)\) or vector\(0\)\)/g;

export interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Rules of the one table of alerts that pods have the figures for; `clusterRules` replaces the others. */
export function podRules(): { recordings: Rule[]; alerts: Rule[] } {
  const rules = alertRules.map(acrossPods).filter((rule) => !isOfOneHost(toPromql(conditionOf(rule))));
  const { groups } = parse(writePrometheusRules(rules, recordingRules)) as { groups: { rules: Rule[] }[] };
  const [recordings, alerts] = groups.map((group) => group.rules);
  return { recordings: recordings ?? [], alerts: alerts ?? [] };
}

const isOfOneHost = (expression: string): boolean => OF_ONE_HOST.test(expression.replaceAll(ADDED, ''));

/** Sums of what each pod tells of a queue would count it as often as there are pods. */
const acrossPods = (rule: AlertRule): AlertRule => ({
  ...rule,
  condition: (threshold) => highest(rule.condition(threshold)) as Condition,
});

function highest(expression: Expression): Expression {
  switch (expression.kind) {
    case 'compare':
      return { ...expression, left: highest(expression.left) as Vector };
    case 'both':
    case 'either':
      return {
        ...expression,
        left: highest(expression.left) as Condition,
        right: highest(expression.right) as Condition,
      };
    case 'aggregate':
      return isOfQueues(expression.of) ? { ...expression, function: 'max' } : expression;
    default:
      return expression;
  }
}

const isOfQueues = (of: Vector): boolean =>
  OF_QUEUES.test(of.kind === 'window' ? of.of.name : of.kind === 'series' ? of.name : '');
