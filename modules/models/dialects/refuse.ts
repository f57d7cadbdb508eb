import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import { invalidUpstreamAnswer, unsupportedParameter } from '../problems.ts';
import type { Json } from './contract.ts';
import { isSet } from './json.ts';

/** A mistake in a request. @param path such as `body.messages[2].content` */
export const invalid = (path: string, message: string): Problem =>
  new Problem(invalidRequest, { errors: [{ path, message }] });

/** A parameter as its caller names it. @param path such as `body.tools[0].type` or `tools[0].type` */
const nameOf = (path: string): string => path.replace(/^body\./, '');

/** What a format or a model cannot say. @param path see `nameOf` */
export const unsupported = (path: string): Problem =>
  new Problem(unsupportedParameter, { parameters: { parameter: nameOf(path) } });

/** @param what is the case, without a word of the answer itself */
export const unreadable = (what: string): Problem =>
  new Problem(invalidUpstreamAnswer, { cause: new Error(`Read an upstream's answer: ${what}`) });

/** Decides about what a format cannot say. @throws Problem unsupported-parameter unless it may be left out */
export type Refuse = (path: string) => void;

/** Refuses what an assistant said or called in a way that only chat completions have: aloud, or as the one function of earlier models. */
export function refuseChatOnly(message: Json, path: string, refuse: Refuse): void {
  for (const name of ['audio', 'function_call']) if (isSet(message[name])) refuse(`${path}.${name}`);
}

/** @param drop told of what is left out, where the route allows it */
export function createRefusal(drop: ((parameter: string) => void) | undefined): Refuse {
  return (path) => {
    if (!drop) throw unsupported(path);
    drop(nameOf(path));
  };
}
