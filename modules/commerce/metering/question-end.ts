import type { Transaction } from '../../../db/client.ts';
import { type Attempt, releaseUnits, settleUnits } from './metering.ts';

export { type Attempt, startAttempt } from './metering.ts';

/** Charges a question with what its attempts used, see `settleUnits`. */
export const settleQuestion = (
  tx: Transaction,
  organizationId: string,
  requestId: string,
  attempts: readonly Attempt[],
): Promise<void> => settleUnits(tx, organizationId, requestId, { attempts });

/** Gives a question back that got no answer, see `releaseUnits`. */
export const releaseQuestion = releaseUnits;
