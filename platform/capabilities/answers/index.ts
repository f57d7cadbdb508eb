export { chooseModel } from './choose-model.ts';
export { type Citation, resolveCitations } from './resolve-citations.ts';
