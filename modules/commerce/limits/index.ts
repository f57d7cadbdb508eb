export {
  type Admission,
  type AdmissionRequest,
  type Admitted,
  createAdmission,
} from './admission.ts';
export { releaseDocument, requireDocumentRoom, reserveDocument } from './document-quota.ts';
export { type LimitsLeft, limitsLeft } from './limits-left.ts';
export { requireMemberRoom } from './member-room.ts';
export { endOf, type Period, secondsLeft } from './periods.ts';
export { lockPlan, planOf } from './plan.ts';
export { tellLimit } from './tell-limit.ts';
