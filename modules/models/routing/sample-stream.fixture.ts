import { sse } from '../../testing/upstream-server.ts';
import { chunk, delta } from '../dialects/streams.fixture.ts';

/* A stream of chat completions that says `text`, and its parts. */

export const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
export const role = delta({ role: 'assistant', content: '' });
export const finish = delta({}, { finish_reason: 'stop' });
export const count = chunk([], { usage });
export const text = 'Привет 🙂 北京';
export const words = [role, delta({ content: 'Привет ' }), delta({ content: '🙂 ' }), delta({ content: '北京' })];
export const whole = sse(...words, finish, count, '[DONE]');
