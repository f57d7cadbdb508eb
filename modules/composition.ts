import { compose } from '../platform/kernel/composition.ts';
import * as platformProblems from '../platform/kernel/problems.ts';
import * as commerceProblems from './commerce/problems.ts';
import * as legalProblems from './legal/problems.ts';
import * as modelProblems from './models/problems.ts';
import * as peopleProblems from './people/problems.ts';

/** The one place where modules are joined. Nothing that runs in a function or worker imports it: it holds all of them. */
export const composition = compose({
  platform: { problems: platformProblems },
  people: { problems: peopleProblems },
  commerce: { problems: commerceProblems },
  models: { problems: modelProblems },
  legal: { problems: legalProblems },
});
