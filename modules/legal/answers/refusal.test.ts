import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRefusalFilter, refusalText } from './refusal.ts';

function filter(deltas: readonly string[], language: 'en' | 'ru' = 'en'): string {
  const refusal = createRefusalFilter(language);
  return deltas.map((delta) => refusal.push(delta)).join('') + refusal.end();
}

describe('refusal filter', () => {
  it.each([
    [['NO_ANSWER']],
    [['NO', '_ANS', 'WER']],
    [['\n **NO_', 'ANSWER**', '.']],
    [['"no_answer"']],
    [['NO_ANSWER. The passages are about something else [1].']],
  ])('turns %j into a refusal', (deltas) => {
    expect(filter(deltas)).toBe(refusalText('en'));
    expect(filter(deltas, 'ru')).toBe(refusalText('ru'));
  });

  it.each([[['No', ' party may assign [1].']], [['NO_', 'TICE']], [['"', 'Net Sales" means']], [['N']], [[]]])(
    'lets %j pass unchanged',
    (deltas) => {
      expect(filter(deltas)).toBe(deltas.join(''));
    },
  );

  it('passes any other text on, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (deltas) => {
        fc.pre(!deltas.join('').toUpperCase().includes('NO_ANSWER'));
        expect(filter(deltas)).toBe(deltas.join(''));
      }),
    );
  });
});
