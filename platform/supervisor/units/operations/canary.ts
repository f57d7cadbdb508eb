import type { ChangeOptions } from '../../control/contract.ts';
import type { Change } from '../change.ts';
import type { ManagedUnit } from '../managed-unit.ts';
import { move } from '../move.ts';
import type { ReleaseProcesses } from '../release-processes.ts';
import { startCount } from '../state.ts';
import { switchTo } from './replace.ts';

/** Sends a share of the callers, in percent, to the processes of a release. @param by who deployed it, where that is new */
export async function divert(change: Change, to: ReleaseProcesses, percent: number, by?: string): Promise<void> {
  const { managed, report, since } = change;
  await move(managed, { event: 'diverted', to, percent, by });
  await managed.tools.journal.save();
  report({ step: 'canary', release: to.release.id, message: `${percent} % of the callers`, ms: since() });
}

/** Changes the share of callers that the release under trial gets. */
export const changeCanary = (change: Change, percent: number): Promise<void> =>
  divert(change, canaryOf(change.managed, 'Change canary of'), percent);

/** Puts the release under trial in place of the one that serves. */
export async function promote(change: Change, options: ChangeOptions): Promise<void> {
  const { managed } = change;
  const canary = canaryOf(managed, 'Promote');
  await switchTo(change, 'promote', options, async () => {
    await canary.scale(startCount(canary.unit, managed.state.record, managed.state.current?.wanted ?? 0));
    return canary;
  });
}

/** Sends all callers to the release that serves, and ends the one under trial. */
export async function abort({ managed, report, since }: Change): Promise<void> {
  const canary = canaryOf(managed, 'Abort');
  await move(managed, { event: 'canary-ended' });
  await managed.tools.journal.save();
  report({ step: 'done', release: canary.release.id, message: 'the canary gets no more callers', ms: since() });
}

export function assertNoCanary({ name, state }: ManagedUnit, what: string): void {
  if (state.canary) throw new Error(`${what} "${name}": a canary is under way; promote or abort it first`);
}

function canaryOf({ name, state }: ManagedUnit, what: string): ReleaseProcesses {
  if (!state.canary) throw new Error(`${what} "${name}": no canary is under way`);
  return state.canary.processes;
}
