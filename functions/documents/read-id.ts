import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';
import { idParameter } from '../../platform/runtime/http/operation.ts';

/** The id in the path, for an operation that reads its request itself. @throws Problem invalid-request */
export function readId(value: string | undefined): string {
  const result = idParameter.shape.id.safeParse(value);
  if (result.success) return result.data.toLowerCase();
  throw new Problem(invalidRequest, {
    errors: result.error.issues.map(({ message }) => ({ path: 'path.id', message })),
  });
}
