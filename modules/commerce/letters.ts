import type { SubscriptionState } from '../../db/schema/commerce/subscriptions.ts';

/** Limits that people are notified about. */
export type NotifiedLimit = 'questions/day' | 'questions/month' | 'documents' | 'storage';

interface LimitState {
  what: NotifiedLimit;
  /** Counts; of storage, bytes. */
  used: number;
  limit: number;
  /** ISO 8601; missing where nothing resets by itself. */
  resetAt?: string;
}

declare module '../../platform/capabilities/outbox/contract.ts' {
  /** Totals are kopecks, times ISO 8601, tiers their keys. */
  interface NotificationParameters {
    'limit-near': LimitState;
    'limit-reached': LimitState;
    invoice: { number: string; total: number; dueAt: string };
    payment: { number: string; total: number };
    subscription: { state: SubscriptionState; tier: string; until: string };
  }
}
