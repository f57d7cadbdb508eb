import { type AlertRule, fill } from '../rules/rule.ts';
import { showValue } from '../rules/show-value.ts';
import type { ToldAlert } from '../state/alert-file.ts';
import type { ActiveAlert } from '../state/step-alerts.ts';

/** An alert in words. @param rule undefined when a later version no longer has it @param since ISO 8601 */
export function tellAlert(
  { rule: name, labels, value }: ActiveAlert,
  rule: AlertRule | undefined,
  since: string,
): ToldAlert {
  const {
    severity = 'warning',
    sentence = name,
    command = 'pandect alerts list',
    threshold,
    unit = 'none',
  } = rule ?? {};
  const values = {
    ...labels,
    value: Number.isNaN(value) ? '' : showValue(value, unit),
    threshold: threshold === undefined ? '' : showValue(threshold, unit),
  };
  return {
    ...{ rule: name, severity, labels, since },
    ...{ sentence: fill(sentence, values), command: fill(command, values) },
    value: Number.isFinite(value) ? value : null,
    ...(threshold !== undefined && { threshold }),
  };
}
