export { expireQuestions } from './expire-questions.ts';
export { type Attempt, releaseQuestion, settleQuestion, startAttempt } from './question-end.ts';
export { type Difference, reconcileUsage } from './reconcile.ts';
export { recordUsage, type UsageEntry } from './record-usage.ts';
export { requestIdOf } from './request-id.ts';
export { sumUsage, type UsageOfMonth } from './sum-usage.ts';
