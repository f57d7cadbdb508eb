import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';

const at = (time: number) => new Headers({ date: new Date(time).toUTCString() });
const DAY = 24 * 3600 * 1000;

describe('the clock', () => {
  it('is that of the device until a response arrives', () => {
    expect(Math.abs(createClock().now().getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('is that of the server when the device is off by a day', () => {
    const clock = createClock();
    clock.note(at(Date.now() - DAY));
    expect(Math.abs(clock.now().getTime() - (Date.now() - DAY))).toBeLessThan(60_000);
  });

  it('does not go back to the time at which a cached response was made', () => {
    const clock = createClock();
    clock.note(at(Date.now() + DAY));
    clock.note(at(Date.now() - DAY));
    clock.note(new Headers());
    clock.note(new Headers({ date: 'soon' }));
    expect(Math.abs(clock.now().getTime() - (Date.now() + DAY))).toBeLessThan(60_000);
  });
});
