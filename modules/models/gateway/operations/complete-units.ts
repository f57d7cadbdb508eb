import type { CallUsage } from '../../../commerce/metering/calls/contract.ts';
import type { AttemptReport } from '../../routing/contract.ts';
import type { Completed } from '../books.ts';
import type { ReadOperation } from './contract.ts';

/**
 * What an attempt is charged for: what the upstream counted, else what was asked for, as an estimate. Pictures and searches have no
 * tokens unless they are counted; nothing is charged of an attempt that failed.
 */
export function completeUnits(
  { operation, expected }: Pick<ReadOperation, 'operation' | 'expected'>,
  { outcome, usage }: Pick<AttemptReport, 'outcome' | 'usage'>,
): Completed {
  if (usage) return { usage, isEstimated: false };
  if (outcome === 'failed') return { usage: { input: 0, output: 0 }, isEstimated: false };
  return { usage: charged(operation, expected), isEstimated: true };
}

/** Of what was held, what is likely: the tokens of a picture were held at their most. */
const charged = (operation: ReadOperation['operation'], expected: CallUsage): CallUsage =>
  operation === 'images' || operation === 'rerank' ? { ...expected, input: 0, output: 0 } : expected;
