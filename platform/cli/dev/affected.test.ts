import { describe, expect, it } from 'vitest';
import { affected } from './affected.ts';

const units = new Map([
  ['ask', { folder: 'functions/ask', inputs: ['functions/ask/app.ts', 'modules/models/index.ts'], failed: false }],
  ['auth', { folder: 'functions/auth', inputs: ['functions/auth/app.ts'], failed: false }],
  ['hello', { folder: 'functions/hello', inputs: undefined, failed: false }],
]);

describe('what a change affects', () => {
  it.each([
    [['functions/ask/app.ts'], ['ask']],
    [
      ['modules/models/index.ts', 'functions/auth/app.ts'],
      ['ask', 'auth'],
    ],
    [['functions/hello/app.ts'], ['hello']],
    [['functions/ask/not-imported.ts'], []],
    [['functions/ask/app.test.ts', 'functions/hello/app.test.ts'], []],
    [['platform/supervisor/platform.ts'], []],
    [[], []],
  ])('%j changes %j', (changed, names) => {
    expect(affected(units, changed)).toEqual(names);
  });

  it('tries what failed again at every change, since what mends it may be new', () => {
    const broken = new Map([['auth', { folder: 'functions/auth', inputs: ['functions/auth/app.ts'], failed: true }]]);
    expect(affected(broken, ['functions/auth/tokens.ts'])).toEqual(['auth']);
    expect(affected(broken, ['functions/auth/app.test.ts'])).toEqual([]);
  });
});
