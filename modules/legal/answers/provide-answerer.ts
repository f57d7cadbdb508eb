import type { CatalogueModel } from '../../models/index.ts';
import type { Answerer } from './contract.ts';
import { createPromptedAnswerer } from './prompted-answerer.ts';

/** Has a model answer; without one, passages are quoted. */
export type AnswererOf = (model: CatalogueModel) => Promise<Answerer>;

/** The local provider has no model. What quotes is loaded by the first question that needs it. */
export const answererOf = (): AnswererOf => async (model) => {
  if (model.target.provider.kind !== 'local') return createPromptedAnswerer(model.chat);
  const { extractiveAnswerer } = await import('./extractive/extractive-answerer.ts');
  return extractiveAnswerer;
};
