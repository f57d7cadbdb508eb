import { expect, it } from 'vitest';
import { reasonForCheckout } from './choose-source.ts';

const same = { packages: 'p', migrations: 'm', revision: undefined };
const pushed = { ...same, at: new Date('2026-03-01T12:00:00Z'), revision: '1a2b3c4d5e+' };
const older = { ...same, at: new Date('2026-02-01T12:00:00Z'), revision: '0000000000' };

it('keeps what was pushed after the image was built', () => {
  expect(reasonForCheckout(pushed, older)).toBeUndefined();
});

it('takes an image that was built later', () => {
  const newer = { ...older, at: new Date('2026-03-02T00:00:00Z') };
  expect(reasonForCheckout(pushed, newer)).toBe('it is newer (2026-03-02T00:00:00.000Z)');
});

it('takes the image where the pushed source cannot be built or run with it, however old it is', () => {
  expect(reasonForCheckout(pushed, { ...older, packages: 'q' })).toContain('package-lock.json');
  expect(reasonForCheckout(pushed, { ...older, migrations: 'n' })).toContain('migrations');
});

it('takes an image of the very revision that was pushed, but not one that was changed since', () => {
  const clean = { ...pushed, revision: '1a2b3c4d5e' };
  expect(reasonForCheckout(clean, { ...older, revision: '1a2b3c4d5e' })).toBe(
    'it is of the same revision (1a2b3c4d5e)',
  );
  expect(reasonForCheckout(pushed, { ...older, revision: '1a2b3c4d5e+' })).toBeUndefined();
});
