import { expect, it } from 'vitest';
import { claimDrafts } from './drafts-owner.ts';

function aTab(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

it('keeps what a person typed when they sign in again, and shows it to no other person', () => {
  const tab = aTab();
  claimDrafts('anna', tab);
  tab.setItem('question', 'How high is the deposit?');
  claimDrafts(undefined, tab);
  claimDrafts('anna', tab);
  expect(tab.getItem('question')).toBe('How high is the deposit?');
  claimDrafts('boris', tab);
  expect(tab.getItem('question')).toBeNull();
  claimDrafts('anna', tab);
  expect(tab.length).toBe(1);
});
