import { writeFile } from 'node:fs/promises';
import { alertRules, recordingRules } from '../platform/supervisor/alerts/rules/alert-rules.ts';
import { writeGuides } from '../platform/supervisor/alerts/rules/write-guides.ts';
import { writePrometheusRules } from '../platform/supervisor/alerts/rules/write-prometheus-rules.ts';
import { channelRule } from '../platform/supervisor/alerts/running/channel-rule.ts';

/** Writes the rules of Prometheus, and what to do at each alert, from the table of the alerts. */
const write = (path: string, text: string) => writeFile(new URL(path, import.meta.url), text);
await write('../platform/monitoring/prometheus-rules.yml', writePrometheusRules(alertRules, recordingRules));
await write('../docs/alerts.md', writeGuides([...alertRules, channelRule]));
