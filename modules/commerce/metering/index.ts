export {
  type Admission,
  type AdmissionRequest,
  type Admitted,
  createAdmission,
} from './admission.ts';
export { addCredits } from './credits.ts';
export { documentUse, releaseDocument, requireDocumentRoom, reserveDocument } from './document-quota.ts';
export { expireQuestions } from './expire-questions.ts';
export { type LimitsLeft, limitsLeft } from './limits-left.ts';
export { requireMemberRoom } from './member-room.ts';
export { createMetering, releaseUnits, settleUnits } from './metering.ts';
export {
  hasFigure,
  overridesOf,
  planLimitsOf,
  replaceOverrides,
  type SetLimit,
  setPlanLimits,
} from './override-limits.ts';
export { endOf, type Period, secondsLeft } from './periods.ts';
export { lockPlan, type Plan, planOf } from './plan.ts';
export { type Attempt, releaseQuestion, settleQuestion, startAttempt } from './question-end.ts';
export { reconcileUsage, usageKeptSince } from './reconcile.ts';
export { recordUsage } from './record-usage.ts';
export { requestIdOf } from './request-id.ts';
export { sumUsage } from './sum-usage.ts';
export { type SweptUsage, sweepUsage } from './sweep.ts';
export { tellLimit, tellReserved } from './tell-limit.ts';
export { titleOf } from './unit-words.ts';
export { planUnits } from './units.ts';
