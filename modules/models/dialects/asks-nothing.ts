import { entryOf, isJson } from './json.ts';

/** Values of a chat completion that ask for nothing that would not happen anyway. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  frequency_penalty: (value) => value === 0,
  logit_bias: (value) => isJson(value) && Object.keys(value).length === 0,
  stop: (value) => Array.isArray(value) && value.length === 0,
  store: (value) => value === false,
  service_tier: (value) => value === 'auto' || value === 'default',
  modalities: (value) => Array.isArray(value) && value.every((one) => one === 'text'),
};

/** Whether a field may be left out of a format that has no word for it, without a change of the answer. */
export const asksNothing = (name: string, value: unknown): boolean =>
  value === undefined || value === null || (entryOf(harmless, name)?.(value) ?? false);
