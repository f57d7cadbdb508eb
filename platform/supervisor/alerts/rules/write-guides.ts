import { guides } from './guides.ts';
import type { AlertRule } from './rule.ts';
import { showSeconds, showValue } from './show-value.ts';

const HEAD = `# What to do at each alert

Written by \`npm run alert-rules\` from \`platform/supervisor/alerts/rules\`; the console shows the same below \`/operator/alerts\`. Several alerts may fire for
one cause: begin with the critical one. \`docs/monitoring.md\` says how alerts are sent, silenced and set; \`docs/failure-modes.md\`, what the platform mends by itself.
`;

/** Labels that are known when it fires, in angle brackets. */
const named = (text: string): string => text.replace(/\{(\w+)\}/g, '<$1>');

/** The page of the documentation, a section for each rule. */
export const writeGuides = (rules: readonly AlertRule[]): string => [HEAD, ...rules.map(section)].join('\n');

function section({ name, severity, threshold, unit, forSeconds, sentence, command }: AlertRule): string {
  const { screen = '/alerts', steps = [] } = guides[name] ?? {};
  const limit = threshold === undefined ? '' : ` limit ${showValue(threshold, unit)},`;
  const after = forSeconds === 0 ? 'at once' : `after ${showSeconds(forSeconds)}`;
  return `## ${name}

${severity},${limit} ${after}: \`${named(sentence)}\`

${steps.map((step, index) => `${index + 1}. ${named(step)}`).join('\n')}

See \`${named(command)}\` on the host, \`/operator${named(screen)}\` in the console.
`;
}

/** Where the documentation says what to do. */
export const guideLink = (rule: string): string => `docs/alerts.md#${rule.toLowerCase()}`;
