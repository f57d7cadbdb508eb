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

/**
 * Decides about what a format cannot say: leaves it out where the route allows it.
 * @throws Problem unsupported-parameter otherwise
 */
export function createRefusal(drop: ((parameter: string) => void) | undefined): (parameter: string) => void {
  return (parameter) => {
    if (!drop) throw unsupported(parameter);
    drop(parameter);
  };
}
