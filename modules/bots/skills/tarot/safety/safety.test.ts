import { describe, expect, it } from 'vitest';
import { cleanQuestion } from './clean-question.ts';
import { isCrisis } from './is-crisis.ts';

describe('a question', () => {
  it('loses what cannot be seen and stands on one line', () => {
    expect(cleanQuestion('  Will\u200b I\u0000 find\r\n\r\nwork?\u202e\u2028Soon\u00ad ')).toBe(
      'Will I find work? Soon',
    );
    expect(cleanQuestion('\u200b\u200d')).toBe('');
    expect(cleanQuestion('a\ud800b')).toBe('a\ufffdb');
  });

  it('has at most 1,000 characters, however wide they are', () => {
    expect(cleanQuestion('🎩'.repeat(1_000))).toHaveLength(2_000);
    expect(cleanQuestion('я'.repeat(1_001))).toBeUndefined();
    expect(cleanQuestion(`${'\u200b'.repeat(5_000)}why`)).toBe('why');
  });
});

describe('words of a crisis', () => {
  it.each([
    'Я больше не хочу жить',
    'Хочу умереть, что делать?',
    'Думаю о самоубийстве',
    'стоит ли покончить с собой',
    'Не вижу смысла жить дальше',
    'I want to die',
    'Should I kill my\u200bself?',
    'I don’t want to live anymore',
    'thinking about suicide',
    'I would be better off dead',
  ])('are seen in %j', (text) => {
    expect(isCrisis(text)).toBe(true);
  });

  it.each([
    'Где мне жить в этом году?',
    'Не хочу жить в этом городе. Стоит ли переехать?',
    'Выпала Смерть — это плохо?',
    'Смогу ли я убить двух зайцев?',
    'What does the Death card mean?',
    'Will my life end up well?',
    'Стоит ли начинать новую жизнь?',
    'How do I hurt less after a break-up?',
  ])('are not seen in %j', (text) => {
    expect(isCrisis(text)).toBe(false);
  });
});
