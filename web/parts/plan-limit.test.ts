import { ProblemError } from '@pandect/client';
import { describe, expect, it } from 'vitest';
import { planLimitText } from './plan-limit.ts';

const refusal = (name: string, parameters: object) =>
  new ProblemError({
    ...{ type: `urn:pandect:problem:${name}`, title: 'Plan limit reached', status: 403 },
    ...{ detail: 'The plan "demo" allows 5 (documents)', ...parameters },
  });
const spaced = (text: string | undefined) => text?.replace(/\s/gu, ' ');

describe('a limit of the plan', () => {
  it.each([
    ['documents', 5, 'The plan allows 5 documents.', 'Тариф допускает не более 5 документов.'],
    ['documents', 1001, 'The plan allows 1,001 documents.', 'Тариф допускает не более 1 001 документа.'],
    ['bytes', 100 * 1024 ** 2, 'The plan allows 100 MB of files.', 'Тариф допускает файлы объёмом не более 100 МБ.'],
    ['users', 1, 'The plan allows 1 person,', 'Тариф допускает не более 1 пользователя,'],
  ])('of %s, %i, is told in the words of the page', (what, limit, en, ru) => {
    const error = refusal('plan-limit-reached', { what, limit });
    expect(spaced(planLimitText('en', error))).toContain(en);
    expect(spaced(planLimitText('ru', error))).toContain(ru);
  });

  it('that the page does not know is told in the words of the server', () => {
    for (const parameters of [
      { what: 'lanterns', limit: 5 },
      { what: 'constructor', limit: 5 },
      { what: 'users' },
      {},
    ]) {
      expect(planLimitText('en', refusal('plan-limit-reached', parameters))).toBeUndefined();
    }
    expect(planLimitText('en', refusal('not-found', { what: 'users', limit: 5 }))).toBeUndefined();
  });
});
