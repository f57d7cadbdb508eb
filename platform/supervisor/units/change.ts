import type { ChangeEvent, Report } from '../control/contract.ts';
import { StartFailure } from '../process/instance.ts';
import { describeRelease } from '../release/description.ts';
import type { ManagedUnit } from './managed-unit.ts';

/** One change of one unit that is under way. */
export interface Change {
  readonly managed: ManagedUnit;
  report(event: Omit<ChangeEvent, 'unit'>): void;
  /** Milliseconds since the change began. */
  since(): number;
}

/** The new release failed after the switch; the one before it serves again. */
export class RolledBack extends Error {
  readonly restored: string;
  readonly log: string | undefined;
  constructor(message: string, restored: string, log: string | undefined) {
    super(message);
    this.restored = restored;
    this.log = log;
  }
}

/** Makes a change of a unit unless another is under way. @returns whether it succeeded; the report says why not */
export async function changeUnit(
  managed: ManagedUnit,
  report: Report,
  operation: (change: Change) => Promise<void>,
): Promise<boolean> {
  const { name, lock, tools } = managed;
  const began = performance.now();
  const change: Change = {
    managed,
    report: (event) => report({ unit: name, ...event }),
    since: () => Math.round(performance.now() - began),
  };
  try {
    const held = lock.hold(async () => {
      await operation(change);
      if (managed.state.current) await describeRelease(managed.state.current, tools.log);
    });
    if (!held) {
      change.report({ step: 'failed', message: `Change "${name}": another change is under way`, isBusy: true });
      return false;
    }
    await held;
    return true;
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof RolledBack) {
      change.report({ step: 'restored', release: error.restored, message, ...(error.log && { log: error.log }) });
    } else change.report({ step: 'failed', message, ...(error instanceof StartFailure && { log: error.log }) });
    return false;
  }
}
