import type { ModelPolicy } from '../../../db/schema/commerce/subscription-plans.ts';

export interface ModelChoice {
  alias: 'standard' | 'advanced';
  /** How demanding the question is, from 0 to 10. */
  complexity: number;
  /** For logs and usage records. */
  reason: string;
}

/** A question above this score counts as complex. */
export const complexityThreshold = 7;

/** The model that a question is answered by under a tier's policy. @param complexity as `scoreComplexity` gives it */
export function chooseModel(policy: ModelPolicy, complexity: number): ModelChoice {
  if (policy !== 'advanced-when-complex') return { alias: policy, complexity, reason: `policy ${policy}` };
  const isComplex = complexity > complexityThreshold;
  return {
    alias: isComplex ? 'advanced' : 'standard',
    complexity,
    reason: `complexity ${complexity} ${isComplex ? '>' : '<='} ${complexityThreshold}`,
  };
}
