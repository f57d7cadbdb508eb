import { describe, expect, it } from 'vitest';
import { scoreComplexity } from '../question/score-complexity.ts';
import { chooseModel } from './choose-model.ts';

const simple = 'How long is the term?';
const complex =
  'Compare the termination clauses of both agreements: which of them prevails if they conflict, and what are the consequences under sections 4 and 9?';

describe('choice of the model', () => {
  it.each([
    ['standard', simple, 'standard'],
    ['standard', complex, 'standard'],
    ['advanced', simple, 'advanced'],
    ['advanced', complex, 'advanced'],
    ['advanced-when-complex', simple, 'standard'],
    ['advanced-when-complex', complex, 'advanced'],
  ] as const)('under the policy %s for "%s" is %s', (policy, question, alias) => {
    expect(chooseModel(policy, scoreComplexity(question)).alias).toBe(alias);
  });

  it('gives its reason', () => {
    expect(chooseModel('advanced', scoreComplexity(simple)).reason).toBe('policy advanced');
    expect(chooseModel('advanced-when-complex', scoreComplexity(simple)).reason).toBe('complexity 0 <= 7');
  });
});
