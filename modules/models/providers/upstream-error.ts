import type { UpstreamFailure } from './adapter.ts';

/**
 * A request that an adapter makes by itself, such as for a token, failed, or its provider is configured so that nothing can be asked of
 * it. Counts like an answer with that failure.
 */
export class UpstreamError extends Error {
  readonly failure: UpstreamFailure;
  constructor(action: string, failure: UpstreamFailure) {
    super(`${action}: ${failure.code ?? failure.reason}`);
    this.name = 'UpstreamError';
    this.failure = failure;
  }
}
