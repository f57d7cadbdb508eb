import { NetworkError, ProblemError } from '@pandect/client';
import { expect, it } from 'vitest';
import { failureText } from './problem.tsx';

const problem = (type: string, detail: string) => new ProblemError({ type, title: 'Bad Gateway', status: 502, detail });

it('says what failed: in the words of the server, and in those of the page where there are none', () => {
  expect(failureText('en', problem('urn:pandect:problem:unavailable', 'Retry in 5 s'))).toBe('Retry in 5 s');
  expect(failureText('en', problem('urn:pandect:problem:unavailable', ''))).toBe('Bad Gateway');
  expect(failureText('ru', new NetworkError(undefined))).toContain('Нет связи');
  for (const error of [
    problem('about:blank', ''),
    problem('about:blank', '<h1>nginx</h1>'),
    new Error('x'),
    undefined,
  ]) {
    expect(failureText('ru', error)).toContain('Произошла ошибка');
  }
});
