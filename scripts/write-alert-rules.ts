import { writeFile } from 'node:fs/promises';
import { alertRules, recordingRules } from '../platform/supervisor/alerts/rules/alert-rules.ts';
import { writePrometheusRules } from '../platform/supervisor/alerts/rules/write-prometheus-rules.ts';

/** Writes the rules of Prometheus from the table of the alerts. */
const path = new URL('../platform/monitoring/prometheus-rules.yml', import.meta.url);
await writeFile(path, writePrometheusRules(alertRules, recordingRules));
