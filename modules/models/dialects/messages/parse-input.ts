import type { Json } from '../contract.ts';
import { parseObject } from '../json.ts';

/** Arguments of a call as the input of a tool: nothing for none, undefined for what is no JSON object. */
export const parseInput = (text: string): Json | undefined => (text.trim() === '' ? {} : parseObject(text));
