import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../question/index.ts';
import type { NumberedPassage } from '../contract.ts';
import { askedOf } from './asked.ts';
import { rankSentences } from './rank-sentences.ts';
import { leastSupport, scoreSupport } from './score-support.ts';

const passages: NumberedPassage[] = [
  {
    number: 1,
    title: 'Boat hire',
    heading: '3. Deposit',
    text: 'The hirer leaves a deposit of 300 euros. The deposit is returned within ten days after the boat comes back.',
  },
  {
    number: 2,
    title: 'Boat hire',
    heading: '4. Use',
    text: '4. The boat is not taken to sea. The hirer keeps the engine clean and fills the tank.',
  },
];
const support = (text: string, given = passages) => {
  const question = askedOf(readQuestion(text).meaning);
  return scoreSupport(question, rankSentences(question, given), given);
};

describe('support', () => {
  it.each([
    'When is the deposit for the boat returned?',
    'Who fills the tank?',
    'How much is the deposit?',
    'Какой залог оставляет наниматель?',
  ])('of "%s" is enough', (question) => {
    expect(support(question)).toBeGreaterThan(leastSupport);
  });

  it.each([
    'Which vaccinations must a passenger of the boat show at the border?',
    'Какая ставка налога на прибыль организаций?',
    'What is the tax rate for foreign investors?',
    '',
  ])('of "%s" is not', (question) => {
    expect(support(question)).toBeLessThan(leastSupport);
  });

  it('is none without passages', () => {
    expect(support('When is the deposit returned?', [])).toBe(0);
  });

  it('is more where words stand together than where they are scattered', () => {
    const together = [
      { number: 1, title: 'T', text: 'The gardener waters the roses. Nothing else is said. The end is near.' },
    ];
    const scattered = [
      {
        number: 1,
        title: 'T',
        text: 'The gardener sleeps. Nothing else is said here. Much happens. He waters nothing. It ends. No roses.',
      },
    ];
    const question = 'Which gardener waters roses?';
    expect(support(question, together)).toBeGreaterThan(support(question, scattered));
  });

  it('is all or nothing for an article that is asked for by its number, unless another one mentions it', () => {
    expect(support('What does section 4 say?')).toBe(1);
    expect(support('What does section 44 say about the deposit for the boat?')).toBe(0);
    const mention = [{ number: 1, title: 'Hire', text: 'The deposit for the boat is returned as section 44 says.' }];
    const between = support('Is the deposit for the boat returned by section 44?', mention);
    expect(between > 0 && between < 1).toBe(true);
  });
});
