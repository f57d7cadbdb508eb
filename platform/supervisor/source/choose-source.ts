import type { Foundation } from './source-record.ts';

interface Candidate extends Foundation {
  at: Date;
  revision: string | undefined;
}

/**
 * Whether a start keeps the source that was pushed, or takes the checkout's own: an image that was built after the push
 * replaces it, and one that was built before does not bring its older code back.
 * @returns why the checkout is taken; undefined where the pushed source stays
 */
export function reasonForCheckout(pushed: Candidate, checkout: Candidate): string | undefined {
  if (checkout.packages !== pushed.packages) return 'its packages are others (package-lock.json)';
  if (checkout.migrations !== pushed.migrations) return 'its migrations are others';
  const { revision } = checkout;
  if (revision !== undefined && revision === pushed.revision && !revision.endsWith('+')) {
    return `it is of the same revision (${revision})`;
  }
  if (checkout.at > pushed.at) return `it is newer (${checkout.at.toISOString()})`;
  return undefined;
}
