import type { Json } from '../dialects/contract.ts';
import type { Ability, Target } from './route.ts';

/** Something that a request asks for, and the parameter that does. */
export interface Need {
  ability: Ability;
  parameter: string;
  /** The request without it; missing where nothing would be left to answer. */
  leaveOut?(body: Json): Json;
}

const imageParts = new Set(['image_url', 'image', 'input_image']);

/** What a model must be able to do for a conversation, in any of the dialects. */
export function neededAbilities(body: Json): Need[] {
  const needs: Need[] = [{ ability: 'chat', parameter: 'model' }];
  if (isFilled(body.tools)) needs.push(droppable('tools', 'tools', 'tool_choice', 'parallel_tool_calls'));
  else if (isFilled(body.functions)) needs.push(droppable('tools', 'functions', 'function_call'));
  if (asksForJson(body.response_format)) needs.push(droppable('json', 'response_format'));
  const text = body.text as Json | null | undefined;
  if (asksForJson(text?.format)) {
    const leaveOut = (whole: Json) => ({ ...whole, text: { ...text, format: undefined } });
    needs.push({ ability: 'json', parameter: 'text.format', leaveOut });
  }
  if (hasImage(body.messages)) needs.push({ ability: 'vision', parameter: 'messages' });
  else if (hasImage(body.input)) needs.push({ ability: 'vision', parameter: 'input' });
  return needs;
}

const droppable = (ability: Ability, parameter: string, ...others: string[]): Need => ({
  ability,
  parameter,
  leaveOut: (body) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => name !== parameter && !others.includes(name))),
});

/** What a target lacks of it. */
export const lacking = (needs: readonly Need[], { can }: Target): Need[] =>
  needs.filter(({ ability }) => !can.includes(ability));

const isFilled = (value: unknown) => Array.isArray(value) && value.length > 0;

const asksForJson = (format: unknown) =>
  typeof format === 'object' &&
  format !== null &&
  ['json_schema', 'json_object'].includes((format as Json).type as string);

/** Looks at the parts of each message, and of the results of tools among them. */
function hasImage(items: unknown): boolean {
  if (!Array.isArray(items)) return false;
  return items.some((item: Json | null) => {
    if (typeof item !== 'object' || item === null) return false;
    return imageParts.has(item.type as string) || hasImage(item.content);
  });
}
