export { chooseModel } from './choose-model.ts';
export { resolveCitations } from './resolve-citations.ts';
