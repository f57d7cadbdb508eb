export {
  type Admission,
  type AdmissionRequest,
  type Admitted,
  createAdmission,
} from './admission.ts';
export { addCredits } from './credits.ts';
export { expireUnits } from './expire-units.ts';
export { documentUse, releaseDocument, requireDocumentRoom, reserveDocument } from './limits/document-quota.ts';
export { createLimitsReader, type LimitsLeft } from './limits/limits-left.ts';
export { requireMemberRoom } from './limits/member-room.ts';
export {
  hasFigure,
  overridesOf,
  planLimitsOf,
  replaceOverrides,
  type SetLimit,
  setPlanLimits,
} from './limits/override-limits.ts';
export { tellLimit, tellReserved } from './limits/tell-limit.ts';
export { measureUsage } from './measure-usage.ts';
export {
  type Attempt,
  createMetering,
  type Reserved,
  releaseUnits,
  reserveUnits,
  settleUnits,
  startAttempt,
} from './metering.ts';
export { endOf, type Period, secondsLeft } from './periods.ts';
export { lockPlan, type Plan, planOf } from './plan.ts';
export { reconcileUsage, usageKeptSince } from './reconcile.ts';
export { recordUsage, recordUsageAlone } from './record-usage.ts';
export { requestIdOf, toUuid } from './request-id.ts';
export { reservationState } from './reservation-state.ts';
export { sumUsage } from './sum-usage.ts';
export { sumUsageByDay } from './sum-usage-by-day.ts';
export { type SweptUsage, sweepUsage } from './sweep.ts';
export { amountOf, titleOf } from './unit-words.ts';
export { planUnits } from './units.ts';
