import type { CallEndpoint } from '../../../db/schema/models/batches.ts';

/** A call as it was accepted. */
export interface MadeCall {
  organizationId: string;
  userId: string | null;
  keyId: string | null;
  endpoint: CallEndpoint;
  /** JSON. */
  body: string;
  /** Names its reservation and its charge. */
  requestId: string;
  signal: AbortSignal;
}

export interface MadeAnswer {
  status: number;
  /** JSON in the caller's dialect. */
  answer: string;
}

/** Makes calls as live ones are made: same limits, metering, routes and formats. */
export interface CallMaker {
  /** Resolves when its charge is written down too. @throws Problem whatever a live call is refused with */
  make(call: MadeCall): Promise<MadeAnswer>;
  /** How many of them may be in progress at the same time in this process. */
  limit(): Promise<number>;
  /** Milliseconds until the caller's limits have room that live calls leave; 0 for none. */
  restMs(caller: Pick<MadeCall, 'keyId' | 'userId'>): number;
}
