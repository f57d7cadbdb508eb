import { Problem } from '../../../platform/kernel/problem.ts';

/** The parameter, or the place, for which a request is refused; undefined when it is not. */
export function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.type === 'unsupported-parameter' ? String(error.parameters.parameter) : error.errors?.[0]?.path;
  }
  return undefined;
}
