export { documentUse, releaseDocument, reserveDocument } from './document-quota.ts';
export { lockPlan, type Plan, planOf } from './plan.ts';
export {
  type QuestionReservation,
  type QuestionUse,
  questionUse,
  releaseQuestion,
  reserveQuestion,
} from './question-quota.ts';
export { createRateLimiter, type RateDecision, type RateLimiter, type RatePolicy } from './rate-limiter.ts';
