export { type AbsentPart, absentPart } from './absent-part.ts';
export { type AbsentUnit, absentUnits } from './absent-units.ts';
export { chooseModel, type ModelChoice } from './choose-model.ts';
export { fitPassages } from './fit-passages.ts';
export { PROMPT_VERSION } from './prompt.ts';
export { refusalText } from './refusal.ts';
export { resolveCitations } from './resolve-citations.ts';
export { resolveIncomplete } from './resolve-incomplete.ts';
