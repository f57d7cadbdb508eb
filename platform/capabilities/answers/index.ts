export { chooseModel, complexityThreshold, type ModelChoice, type ModelPolicy } from './choose-model.ts';
export { type CitablePassage, type Citation, type ResolvedAnswer, resolveCitations } from './resolve-citations.ts';
export { scoreComplexity } from './score-complexity.ts';
