import type { Json } from '../dialects/contract.ts';
import type { Ability } from './route.ts';

/** Something that a request asks for, and the parameter that does. */
export interface Need {
  ability: Ability;
  parameter: string;
}

const imageParts = new Set(['image_url', 'image', 'input_image']);

/** What a model must be able to do for a conversation, in any of the dialects. */
export function neededAbilities(body: Json): Need[] {
  const needs: Need[] = [{ ability: 'chat', parameter: 'model' }];
  if (isFilled(body.tools)) needs.push({ ability: 'tools', parameter: 'tools' });
  else if (isFilled(body.functions)) needs.push({ ability: 'tools', parameter: 'functions' });
  if (asksForJson(body.response_format)) needs.push({ ability: 'json', parameter: 'response_format' });
  if (asksForJson((body.text as Json | null | undefined)?.format))
    needs.push({ ability: 'json', parameter: 'text.format' });
  if (hasImage(body.messages)) needs.push({ ability: 'vision', parameter: 'messages' });
  else if (hasImage(body.input)) needs.push({ ability: 'vision', parameter: 'input' });
  return needs;
}

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
