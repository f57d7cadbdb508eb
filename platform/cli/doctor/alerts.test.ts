import { describe, expect, it } from 'vitest';
import type { AlertListing } from '../../supervisor/alerts/running/alerts.ts';
import { judgeAlerts } from './alerts.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const listing: AlertListing = {
  ...{ alerts: [], past: [], silences: [], channels: [], quietHours: null, mistakes: [] },
  ...{ evaluatedAt: '2026-03-10T11:59:50.000Z', isReadable: true },
};
const channel = { name: 'e-mail', waiting: 0 };
const alert = (severity: 'critical' | 'warning', isSilenced = false) =>
  ({ rule: `Rule-${severity}`, severity, state: 'firing', isSilenced }) as AlertListing['alerts'][number];
const judge = (changes: Partial<AlertListing>, environment = 'production') =>
  judgeAlerts({ ...listing, ...changes }, environment, NOW);

describe('judgeAlerts', () => {
  it('asks for a channel in production alone', () => {
    expect(judge({})).toMatchObject({ state: 'warn', detail: expect.stringContaining('no channel is set') });
    expect(judge({}, 'development')).toMatchObject({ state: 'ok' });
    expect(judge({ channels: [channel] })).toEqual({ state: 'ok', detail: 'none fires; sent by e-mail' });
  });

  it.each([
    [
      'a critical one',
      [alert('critical'), alert('warning')],
      'production',
      'fail',
      'firing: Rule-critical, Rule-warning',
    ],
    ['a critical one of a checkout', [alert('critical')], 'development', 'warn', 'firing: Rule-critical'],
    ['a warning', [alert('warning')], 'production', 'warn', 'firing: Rule-warning'],
    ['a silenced one', [alert('critical', true)], 'production', 'ok', 'none fires'],
  ])('judges %s', (_, alerts, environment, state, detail) => {
    const verdict = judge({ alerts, channels: [channel] }, environment);
    expect(verdict).toMatchObject({ state, detail: expect.stringContaining(detail) });
  });

  it('fails when alerts are not evaluated, or not sent', () => {
    expect(judge({ evaluatedAt: '2026-03-10T11:50:00.000Z' })).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('not evaluated for 10'),
    });
    const failure = { message: 'refused', at: '2026-03-10T11:00:00.000Z', attempts: 3 };
    const broken = { channels: [{ ...channel, failure }] };
    expect(judge(broken)).toMatchObject({ state: 'fail', detail: 'not sent by e-mail (refused)' });
  });

  it('names a mistake of the rule file', () => {
    expect(judge({ mistakes: ['line 3: no rule "Dsik"'] })).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('line 3'),
    });
  });
});
