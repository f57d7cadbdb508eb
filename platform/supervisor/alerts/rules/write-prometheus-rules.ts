import { stringify } from 'yaml';
import { duration, toPromql } from '../expressions/to-promql.ts';
import { type AlertRule, conditionOf, fill, type RecordingRule, type ValueUnit } from './rule.ts';
import { showValue } from './show-value.ts';

const HEAD = `# Written from platform/supervisor/alerts/rules by \`npm run alert-rules\`. Change the table there, not this file.
`;

const TEMPLATES: Readonly<Record<ValueUnit, string>> = {
  share: '{{ $value | humanizePercentage }}',
  seconds: '{{ $value | humanizeDuration }}',
  count: '{{ $value | humanize }}',
  rate: '{{ $value | humanize }}',
  none: '',
};

/** The rules as a file of Prometheus. @param hasTexts whether alerts say what is the case, in annotations */
export function writePrometheusRules(
  alerts: readonly AlertRule[],
  recordings: readonly RecordingRule[],
  { hasTexts = true } = {},
): string {
  const groups = [
    {
      name: 'pandect-recordings',
      interval: '15s',
      rules: recordings.map(({ name, expression }) => ({ record: name, expr: toPromql(expression) })),
    },
    {
      name: 'pandect-alerts',
      interval: '15s',
      rules: alerts.map((rule) => ({ ...alert(rule), ...(hasTexts && { annotations: annotations(rule) }) })),
    },
  ];
  return HEAD + stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function alert(rule: AlertRule) {
  const { name, forSeconds, severity } = rule;
  return {
    alert: name,
    expr: toPromql(conditionOf(rule)),
    ...(forSeconds > 0 && { for: duration(forSeconds) }),
    labels: { severity },
  };
}

const annotations = ({ sentence, command, unit, threshold }: AlertRule) => ({
  summary: fill(sentence, placeholders(sentence, unit, threshold)),
  command: fill(command, placeholders(command, unit, threshold)),
});

function placeholders(text: string, unit: ValueUnit, threshold: number | undefined): Record<string, string> {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const labels = names.map((name) => [name, `{{ $labels.${name} }}`] as const);
  return {
    ...Object.fromEntries(labels),
    value: TEMPLATES[unit],
    threshold: threshold === undefined ? '' : showValue(threshold, unit),
  };
}
