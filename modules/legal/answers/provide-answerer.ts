import type { Boot } from '../../../platform/runtime/boot.ts';
import { catalogue, chatModel } from '../../models/provide-models.ts';
import type { Answerer } from './contract.ts';
import { createPromptedAnswerer } from './prompted-answerer.ts';

/** Has the configured model answer; without one, passages are quoted. */
export async function answerer(boot: Boot): Promise<Answerer> {
  const { provider } = (await boot.use(catalogue)).model('standard');
  if (provider !== 'local') return createPromptedAnswerer(await boot.use(chatModel));
  const { extractiveAnswerer } = await import('./extractive/extractive-answerer.ts');
  return extractiveAnswerer;
}
