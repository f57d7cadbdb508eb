import { expect, it } from 'vitest';
import { answerFacts } from './answer-facts.ts';

it.each<[unknown, object]>([
  [
    { model: 'gpt-5-mini-2025-08-07', choices: [{ finish_reason: 'stop' }, { finish_reason: 'length' }] },
    { model: 'gpt-5-mini-2025-08-07', finishReasons: ['stop', 'length'] },
  ],
  [{ model: 'qwen3:8b', choices: [{ delta: { content: 'a' }, finish_reason: null }] }, { model: 'qwen3:8b' }],
  [
    { type: 'message', model: 'claude', stop_reason: 'end_turn' },
    { model: 'claude', finishReasons: ['end_turn'] },
  ],
  [{ type: 'message_start', message: { model: 'claude' } }, { model: 'claude' }],
  [{ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { finishReasons: ['tool_use'] }],
  [
    { object: 'response', model: 'gpt', status: 'incomplete' },
    { model: 'gpt', finishReasons: ['incomplete'] },
  ],
  [
    { type: 'response.completed', response: { model: 'gpt', status: 'completed' } },
    { model: 'gpt', finishReasons: ['completed'] },
  ],
  [{ model: 'Ivan Petrov owes 100 roubles', choices: [{ finish_reason: 'see https://a.b/' }, null] }, {}],
  [{ model: 'x'.repeat(129), stop_reason: 7 }, {}],
  [undefined, {}],
  ['text', {}],
])('of %j are %j', (answer, facts) => {
  expect(answerFacts(answer)).toEqual(facts);
});
