import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import { invalidUpstreamAnswer, unsupportedParameter } from '../problems.ts';

/** A mistake in a request. @param path such as `body.messages[2].content` */
export const invalid = (path: string, message: string): Problem =>
  new Problem(invalidRequest, { errors: [{ path, message }] });

/** What a format or a model cannot say. @param parameter such as `tools[0].type` */
export const unsupported = (parameter: string): Problem =>
  new Problem(unsupportedParameter, { parameters: { parameter } });

/** @param what is the case, without a word of the answer itself */
export const unreadable = (what: string): Problem =>
  new Problem(invalidUpstreamAnswer, { cause: new Error(`Read an upstream's answer: ${what}`) });

/** Decides about what a format cannot say. @throws Problem unsupported-parameter unless it may be left out */
export type Refuse = (parameter: string) => void;

/** @param drop told of what is left out, where the route allows it */
export function createRefusal(drop: Refuse | undefined): Refuse {
  return (parameter) => {
    if (!drop) throw unsupported(parameter);
    drop(parameter);
  };
}
