import { hostRules } from './host-rules.ts';
import { requestRules } from './request-rules.ts';
import type { AlertRule, RecordingRule } from './rule.ts';
import { safetyRules } from './safety-rules.ts';
import { serviceLevel } from './service-level.ts';
import { tokenUse, workRules } from './work-rules.ts';

/**
 * The one table of all alerts. `platform/monitoring/prometheus-rules.yml` is written from it (`npm run alert-rules`), the supervisor evaluates
 * it, and `docs/monitoring.md` explains it.
 */
export const alertRules: readonly AlertRule[] = [...requestRules, ...workRules, ...hostRules, ...safetyRules];

/** Worked out before the alerts, in this order. */
export const recordingRules: readonly RecordingRule[] = [...serviceLevel, tokenUse];
