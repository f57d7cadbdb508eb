import { describe, expect, it } from 'vitest';
import { nearestWord, typingErrors } from './edit-distance.ts';

describe('typing errors', () => {
  it.each([
    ['deposit', 'depoist', 1],
    ['неустойка', 'неустоика', 1],
    ['неустойка', 'неусойтка', 2],
    ['termination', 'terminaton', 1],
    ['налог', 'залог', 3],
    ['договор', 'приговор', 3],
  ])('%s and %s are %i apart', (one, other, errors) => {
    expect(typingErrors(one, other, 2)).toBe(errors);
    expect(typingErrors(other, one, 2)).toBe(errors);
  });

  it('are forgiven by the length of the word', () => {
    const vocabulary = ['срок', 'залог', 'неустойка', 'deposit'];
    expect(nearestWord('срак', vocabulary)).toBeUndefined();
    expect(nearestWord('залог', vocabulary)).toBe('залог');
    expect(nearestWord('залгоо', vocabulary)).toBeUndefined();
    expect(nearestWord('неусойтка', vocabulary)).toBe('неустойка');
    expect(nearestWord('depsoit', vocabulary)).toBe('deposit');
    expect(nearestWord('despotic', vocabulary)).toBeUndefined();
    expect(nearestWord('подошедших', ['прошедших'])).toBeUndefined();
  });
});
