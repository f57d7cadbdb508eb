import type { Transaction } from '../../../db/client.ts';
import type { Language } from '../../kernel/problem.ts';

/**
 * The kinds of letters, each with what its template is filled with. Empty here: every module adds its kinds by declaring this
 * interface again in its `letters.ts`, and `modules/messages` has the words for all of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: modules merge their kinds into it.
export interface NotificationParameters {}

/** One letter to one person. */
export type Notification = {
  [Kind in keyof NotificationParameters]: {
    organizationId: string;
    kind: Kind;
    /** Names the occasion. The same kind and reference is sent to an address once, however often it is requested. */
    reference: string;
    email: string;
    language: Language;
    parameters: NotificationParameters[Kind];
  };
}[keyof NotificationParameters];

export interface Notifications {
  /** Stores the letter in the caller's transaction; a worker sends it after the commit. */
  send(tx: Transaction, notification: Notification): Promise<void>;
}
