import type { AlertMessage, ToldAlert } from '../state/alert-file.ts';

/** `2026-01-31 09:05 UTC`. */
const utc = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

const MOST_NAMES = 3;

/** One line: which host, how bad, what. */
export function renderSubject({ project, host, began, continues, ended, isTest }: AlertMessage): string {
  const head = `[${project}] ${host}:`;
  if (isTest) return `${head} test of the alerts`;
  const firing = [...began, ...continues];
  const shown = firing.length > 0 ? firing : ended;
  const state = firing.length > 0 ? worst(firing).toUpperCase() : 'resolved';
  const [only] = shown;
  const what = shown.length === 1 && only ? only.sentence : names(shown);
  return `${head} ${state}: ${what}`;
}

function names(alerts: readonly ToldAlert[]): string {
  const all = [...new Set(alerts.map(({ rule }) => rule))];
  const more = all.length > MOST_NAMES ? ` and ${all.length - MOST_NAMES} more` : '';
  return `${alerts.length} alerts: ${all.slice(0, MOST_NAMES).join(', ')}${more}`;
}

const worst = (alerts: readonly ToldAlert[]): string =>
  ['critical', 'warning'].find((severity) => alerts.some((alert) => alert.severity === severity)) ?? 'info';

/** The whole message as plain text. */
export function renderText(message: AlertMessage): string {
  const { host, project, at, began, continues, ended, isTest } = message;
  const blocks = [
    ...(isTest ? ['This is a test: alerts of this platform reach you here.'] : []),
    ...began.map((alert) => block(alert.severity.toUpperCase(), alert)),
    ...continues.map((alert) => block(`STILL ${alert.severity.toUpperCase()}`, alert)),
    ...ended.map((alert) => `RESOLVED ${alert.rule}: ${alert.sentence}\n  since  ${utc(alert.since)}`),
  ];
  return [...blocks, `${project} on ${host}, ${utc(at)}`].join('\n\n');
}

const block = (head: string, { rule, sentence, since, command }: ToldAlert): string =>
  `${head} ${rule}: ${sentence}\n  since  ${utc(since)}\n  run    ${command}`;
