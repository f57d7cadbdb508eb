import type { ChangeEvent, Report } from '../control/contract.ts';
import type { UnitLock } from './unit-lock.ts';

/** What is changed by operations, one at a time: a unit or a site. */
interface Managed {
  readonly name: string;
  readonly lock: UnitLock;
}

type Told = Omit<ChangeEvent, 'unit'>;

/** One change that is under way. */
export interface ChangeOf<M extends Managed> {
  readonly managed: M;
  report(event: Told): void;
  /** Milliseconds since the change began. */
  since(): number;
}

/**
 * Makes a change unless another of the same is under way.
 * @param toldOf what is reported of a failure
 * @returns whether it succeeded; the report says why not
 */
export async function makeChange<M extends Managed>(
  managed: M,
  report: Report,
  operation: (change: ChangeOf<M>) => Promise<void>,
  toldOf: (error: Error) => Told | Promise<Told>,
): Promise<boolean> {
  const { name, lock } = managed;
  const began = performance.now();
  const change: ChangeOf<M> = {
    managed,
    report: (event) => report({ unit: name, ...event }),
    since: () => Math.round(performance.now() - began),
  };
  const held = lock.hold(() => operation(change));
  if (!held) {
    change.report({ step: 'failed', message: `Change "${name}": another change is under way`, isBusy: true });
    return false;
  }
  try {
    await held;
    return true;
  } catch (error) {
    change.report(await toldOf(error as Error));
    return false;
  }
}
