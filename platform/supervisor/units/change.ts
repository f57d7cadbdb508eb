import type { Report } from '../control/contract.ts';
import { StartFailure } from '../process/instance.ts';
import { describeRelease } from '../release/description.ts';
import { type ChangeOf, makeChange } from './make-change.ts';
import type { ManagedUnit } from './managed-unit.ts';

/** One change of one unit that is under way. */
export type Change = ChangeOf<ManagedUnit>;

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
export const changeUnit = (
  managed: ManagedUnit,
  report: Report,
  operation: (change: Change) => Promise<void>,
): Promise<boolean> =>
  makeChange(
    managed,
    report,
    async (change) => {
      await operation(change);
      if (managed.state.current) await describeRelease(managed.state.current, managed.tools.log);
    },
    (error) => {
      const { message } = error;
      if (error instanceof RolledBack) {
        return { step: 'restored', release: error.restored, message, ...(error.log && { log: error.log }) };
      }
      return { step: 'failed', message, ...(error instanceof StartFailure && { log: error.log }) };
    },
  );
