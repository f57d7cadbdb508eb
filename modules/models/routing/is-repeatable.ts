import { responseTooLarge } from '../problems.ts';
import type { UpstreamFailure } from '../providers/adapter.ts';
import type { KnownFailure } from './attempt-failure.ts';
import type { RepeatOn } from './route.ts';

/** Whether another target may be asked after this. @param on what the route allows; another key, or another provider's, always may */
export function isRepeatable({ failure, problem }: KnownFailure, on: readonly RepeatOn[]): boolean {
  // Another answer would be as long.
  if (problem === responseTooLarge) return false;
  if (failure.reason === 'key-refused') return true;
  const kind = kindOf(failure);
  return kind !== undefined && on.includes(kind);
}

/** Whether the same target may answer with another key. */
export const mayNextKeyHelp = ({ reason }: UpstreamFailure): boolean =>
  reason === 'key-refused' || reason === 'rate-limited';

function kindOf({ reason, status }: UpstreamFailure): RepeatOn | undefined {
  switch (reason) {
    case 'unreachable':
      return status === undefined ? 'connect' : '5xx';
    case 'broken':
      return '5xx';
    case 'overloaded':
      return 'overloaded';
    case 'timeout':
      return 'timeout';
    case 'rate-limited':
      return '429';
    case 'too-long':
      return 'context';
    default:
      return undefined;
  }
}
