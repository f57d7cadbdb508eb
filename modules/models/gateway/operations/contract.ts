import type { CallUsage } from '../../../commerce/metering/calls/contract.ts';

/** Operations whose requests and answers pass as they are. */
export type PassedOperation = 'speech' | 'transcription' | 'images' | 'rerank';

/** A request of one of them, with what it is likely to use. */
export interface ReadOperation {
  operation: PassedOperation;
  model: string;
  body: Buffer;
  contentType: string;
  /** What is held for it, and charged where the upstream counts nothing. */
  expected: CallUsage;
  /** The same for equal requests, whatever stands between the parts of a form. */
  fingerprint: readonly string[];
}
