import type { ModelPolicy } from '../../../db/schema/subscription-plans.ts';
import { scoreComplexity } from './score-complexity.ts';

export interface ModelChoice {
  alias: 'standard' | 'advanced';
  /** For logs and usage records. */
  reason: string;
}

/** A question above this score counts as complex. */
export const complexityThreshold = 7;

/** The model that a question is answered by under a tier's policy. */
export function chooseModel(policy: ModelPolicy, question: string): ModelChoice {
  if (policy !== 'advanced-when-complex') return { alias: policy, reason: `policy ${policy}` };
  const score = scoreComplexity(question);
  const isComplex = score > complexityThreshold;
  return {
    alias: isComplex ? 'advanced' : 'standard',
    reason: `complexity ${score} ${isComplex ? '>' : '<='} ${complexityThreshold}`,
  };
}
