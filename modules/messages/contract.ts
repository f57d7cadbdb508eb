import type { Transaction } from '../../db/client.ts';
import type { SubscriptionState } from '../../db/schema/commerce/subscriptions.ts';
import type { Language } from '../../platform/kernel/problem.ts';
import type { ParseFailureCode } from '../legal/reading/contract.ts';

/** Limits that people are written to about. */
export type NotifiedLimit = 'questions/day' | 'questions/month' | 'documents' | 'storage';

interface LimitState {
  what: NotifiedLimit;
  /** Counts; of storage, bytes. */
  used: number;
  limit: number;
  /** ISO 8601; missing where nothing resets by itself. */
  resetAt?: string;
}

/** What the template of each kind is filled with. Totals are kopecks, times ISO 8601, tiers their keys. */
export interface NotificationParameters {
  'confirm-email': { token: string };
  'reset-password': { token: string };
  /** How many sessions and API keys ended because the address was confirmed, or the password reset or changed. */
  'access-ended': { reason: 'confirmed' | 'reset' | 'changed'; sessions: number; keys: number };
  /** `organization` and `inviter` as people know them: a name, an address. */
  invitation: { organization: string; inviter: string; token: string };
  'limit-near': LimitState;
  'limit-reached': LimitState;
  invoice: { number: string; total: number; dueAt: string };
  payment: { number: string; total: number };
  subscription: { state: SubscriptionState; tier: string; until: string };
  'document-failed': { title: string; reason: ParseFailureCode | 'unavailable' };
}

/** One e-mail to one person. */
export type Notification = {
  [Kind in keyof NotificationParameters]: {
    organizationId: string;
    kind: Kind;
    /** What it is about; the same kind and reference is sent to an address once, however often it is asked for. */
    reference: string;
    email: string;
    language: Language;
    parameters: NotificationParameters[Kind];
  };
}[keyof NotificationParameters];

export interface Notifications {
  /** Writes the e-mail down in the caller's transaction: it is sent exactly when that commits, by a worker. */
  send(tx: Transaction, notification: Notification): Promise<void>;
}
