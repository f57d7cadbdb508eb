import { scoreComplexity } from './score-complexity.ts';

/** Which model a tier's questions go to. */
export type ModelPolicy = 'standard' | 'advanced' | 'advanced-when-complex';

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
