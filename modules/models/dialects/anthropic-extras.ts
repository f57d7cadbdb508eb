import type { Json } from './contract.ts';
import { fieldsOf, isSet, objectsOf } from './json.ts';
import type { Refuse } from './refuse.ts';

/* What Anthropic's format says and a chat completion cannot, in the field `x_anthropic` of a request, a message or a delta. */

/** Blocks of what a model thought, those without a signature among them. */
export const thinkingOf = ({ x_anthropic: extras }: Json): Json[] => objectsOf(fieldsOf(extras).thinking);

/** The same for a message, with the text of what was thought, which other formats have too. */
export const thoughts = (reasoning: string, thinking: readonly Json[]): Json => ({
  ...(reasoning !== '' && { reasoning_content: reasoning }),
  ...(thinking.length > 0 && { x_anthropic: { thinking } }),
});

/** Whether the result of a tool is an error. */
export const isFailedResult = ({ x_anthropic: extras }: Json): boolean => fieldsOf(extras).is_error === true;

/** Refuses what only Anthropic could do. The thinking that its format asks for stands as `reasoning_effort` as well. */
export function refuseExtras({ x_anthropic: extras }: Json, refuse: Refuse): void {
  for (const [name, value] of Object.entries(fieldsOf(extras))) if (isSet(value) && name !== 'thinking') refuse(name);
}
