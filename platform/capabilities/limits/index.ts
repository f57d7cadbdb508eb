export { documentUse, releaseDocument, reserveDocument } from './document-quota.ts';
export { lockPlan, type Plan, planOf } from './plan.ts';
export {
  type QuestionReservation,
  questionUse,
  releaseQuestion,
  reserveQuestion,
} from './question-quota.ts';
export { createRateLimiter, type RateLimiter, type RatePolicy } from './rate-limiter.ts';
