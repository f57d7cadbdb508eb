export { expireQuestions } from './expire-questions.ts';
export { type Attempt, releaseQuestion, settleQuestion, startAttempt } from './question-end.ts';
export { type Difference, reconcileUsage, usageKeptSince } from './reconcile.ts';
export { recordUsage } from './record-usage.ts';
export { requestIdOf } from './request-id.ts';
export { sumUsage } from './sum-usage.ts';
