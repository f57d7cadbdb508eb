import { readEnd } from '../../../../platform/capabilities/disposable/index.ts';
import { ParseFailure } from '../contract.ts';

/** The process ended without an answer, and not for what it did: another one may have more luck. */
export class ProcessKilled extends ParseFailure {}

/** How a process that gave no answer ended. @param doing such as `Read document` */
export function describeEnd(doing: string, exitCode: number | null, signal: NodeJS.Signals | null): ParseFailure {
  const { isOwnFault, how } = readEnd(exitCode, signal);
  return new (isOwnFault ? ParseFailure : ProcessKilled)('crashed', `${doing}: ${how}`);
}
