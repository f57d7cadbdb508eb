import { describe, expect, it } from 'vitest';
import { type ReadQuestion, readQuestion } from '../question/index.ts';
import type { AnswerRequest } from './contract.ts';
import { buildMessages, newBoundary } from './prompt.ts';

const request: AnswerRequest = {
  question: readQuestion('How long is the notice period?'),
  passages: [
    { number: 1, title: 'Lease', heading: '4. Notice', text: 'Either party may give two months notice.' },
    { number: 2, title: 'Annex "A"', text: 'Rent is due monthly.' },
  ],
  model: 'any',
  maxTokens: 100,
};
const messages = (changes: Partial<ReadQuestion>) =>
  buildMessages({ ...request, question: { ...request.question, ...changes } }, 'abc');

describe('prompt', () => {
  it('numbers the passages, and puts the rules’ gist and the question behind them', () => {
    const [first, second, gist, question, ...others] = messages({}).at(-1)?.content.split('\n\n') ?? [];
    expect(first).toBe(
      '<passage-abc number="1" title="Lease" heading="4. Notice">\nEither party may give two months notice.\n</passage-abc>',
    );
    expect(second).toBe('<passage-abc number="2" title="Annex A">\nRent is due monthly.\n</passage-abc>');
    expect(gist).toContain('rules 1 to 6 hold');
    expect(question).toBe('<question-abc>\nHow long is the notice period?\n</question-abc>');
    expect(others).toEqual([]);
  });

  it('names the language of the answer', () => {
    expect(messages({ language: 'ru' })[0]?.content).toContain('Answer in Russian');
    expect(messages({ language: 'ru' }).at(-1)?.content).toContain('in Russian');
  });

  it('keeps earlier turns, without the numbers of their passages', () => {
    const history = [
      { role: 'user' as const, content: 'Who pays [sic]?' },
      { role: 'assistant' as const, content: 'The tenant pays [1][2, 3].' },
    ];
    expect(messages({ history }).slice(1, 3)).toEqual([
      { role: 'user', content: 'Who pays [sic]?' },
      { role: 'assistant', content: 'The tenant pays.' },
    ]);
  });

  it('has a new boundary each time', () => {
    expect(newBoundary()).not.toBe(newBoundary());
  });
});
