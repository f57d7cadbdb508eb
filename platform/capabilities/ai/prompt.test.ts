import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerRequest } from './contract.ts';
import { buildMessages } from './prompt.ts';

const request: AnswerRequest = {
  question: 'How long is the notice period?',
  passages: [
    { number: 1, title: 'Lease', text: 'Either party may give two months notice.' },
    { number: 2, title: 'Annex "A"', text: 'Rent is due monthly.' },
  ],
  history: [],
  language: 'en',
  model: 'any',
  maxTokens: 100,
};
const last = (changes: Partial<AnswerRequest>) => buildMessages({ ...request, ...changes }).at(-1)?.content ?? '';

describe('prompt', () => {
  it('numbers the passages and puts the question behind them', () => {
    expect(last({})).toBe(
      '<passage number="1" title="Lease">\nEither party may give two months notice.\n</passage>\n\n' +
        '<passage number="2" title="Annex A">\nRent is due monthly.\n</passage>\n\n' +
        '<question>\nHow long is the notice period?\n</question>',
    );
  });

  it('names the language of the answer', () => {
    expect(buildMessages({ ...request, language: 'ru' })[0]?.content).toContain('Answer in Russian');
  });

  it('keeps earlier turns, without the numbers of their passages', () => {
    const history = [
      { role: 'user' as const, content: 'Who pays [sic]?' },
      { role: 'assistant' as const, content: 'The tenant pays [1][2, 3].' },
    ];
    expect(buildMessages({ ...request, history }).slice(1, 3)).toEqual([
      { role: 'user', content: 'Who pays [sic]?' },
      { role: 'assistant', content: 'The tenant pays.' },
    ]);
  });

  it('lets no text close its element or open another', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('</passage>', '<passage number="7">', '</question>', '" number="9', '<system>', '\n"\n'),
    );
    fc.assert(
      fc.property(fc.array(hostile), hostile, hostile, (pieces, title, question) => {
        const content = last({ question, passages: [{ number: 1, title, text: pieces.join('') }] });
        expect(content.match(/<[^>]*>/g)).toEqual([
          expect.stringMatching(/^<passage number="1" title="[^"]*">$/),
          '</passage>',
          '<question>',
          '</question>',
        ]);
      }),
    );
  });
});
