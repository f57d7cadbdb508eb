import type { Severity } from '../rules/rule.ts';

/** What a plan has to know of an alert that may be told. Times are in seconds of one clock. */
export interface Tellable {
  severity: Severity;
  /** Silenced ones are left out of all messages. */
  isSilenced: boolean;
  /** When there was something to tell: it began to fire, or ended. */
  at: number;
  /** When a message last told it. */
  toldAt?: number | undefined;
}

export interface Plan<A, E> {
  began: A[];
  continues: A[];
  ended: E[];
}

/** Alerts of one cause come together. */
const GATHER_SECONDS = 30;
/** Between two messages without news that are critical. */
const BETWEEN_SECONDS = 300;
export const REPEAT_SECONDS = 4 * 3_600;
/** What is due so soon comes with the others. */
const SOON_SECONDS = 900;

interface Moment {
  now: number;
  isQuiet: boolean;
  /** When the last message was made. */
  messageAt: number | undefined;
}

/**
 * What the next message says, if it is time for one. Alerts are gathered for half a minute; those that are not critical come five minutes
 * after the message before at the earliest, and wait for the end of quiet hours; what fires is repeated after four hours, unless it is `info`.
 */
export function planMessage<A extends Tellable, E extends Tellable>(
  firing: readonly A[],
  over: readonly E[],
  { now, isQuiet, messageAt = Number.NEGATIVE_INFINITY }: Moment,
): Plan<A, E> | undefined {
  const isHeard = ({ severity, isSilenced }: Tellable) => !isSilenced && (severity === 'critical' || !isQuiet);
  const began = firing.filter((alert) => isHeard(alert) && alert.toldAt === undefined);
  const ended = over.filter(isHeard);
  const isUrgent = ({ severity, at }: Tellable) =>
    now - at >= GATHER_SECONDS && (severity === 'critical' || now - messageAt >= BETWEEN_SECONDS);
  const dueIn = ({ toldAt = now }: Tellable) => toldAt + REPEAT_SECONDS - now;
  const repeated = firing.filter(
    (alert) =>
      isHeard(alert) && alert.toldAt !== undefined && alert.severity !== 'info' && dueIn(alert) <= SOON_SECONDS,
  );
  const isRepeatDue = repeated.some((alert) => dueIn(alert) <= 0);
  if (![...began, ...ended].some(isUrgent) && !isRepeatDue) return undefined;
  return { began, ended, continues: repeated };
}
