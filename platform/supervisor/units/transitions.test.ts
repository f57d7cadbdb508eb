import { describe, expect, it } from 'vitest';
import { byRole, emptyState, nameOfState, restartsOf, startCount, type UnitState } from './state.ts';
import { type Note, type Placement, transition } from './transitions.ts';

/** The processes of a release, as far as the state is concerned. */
interface Fake {
  release: { id: string };
  restarts: number;
}
const of = (id: string, restarts = 0): Fake => ({ release: { id }, restarts });
const [a, b, c] = [of('a'), of('b'), of('c')];

const stateAfter = (...events: (Placement<Fake> | Note<Fake>)[]): UnitState<Fake> =>
  events.reduce<UnitState<Fake>>(transition, emptyState<Fake>({ history: [] }));

const places = (state: UnitState<Fake>) =>
  Object.fromEntries(byRole(state).map(({ role, processes }) => [processes.release.id, role]));

const made = (processes: Fake) => ({ event: 'made', processes }) as const;
const switched = (to: Fake) => ({ event: 'switched', to }) as const;
const diverted = (to: Fake, percent: number) => ({ event: 'diverted', to, percent }) as const;
const entry = (release: string) => ({ release, at: '2026-01-31T00:00:00Z', action: 'deploy' as const });

describe('transition', () => {
  it('keeps a candidate out of traffic until it is switched to, and lets what served before leave', () => {
    expect(stateAfter(made(a)).candidates).toEqual([a]);
    const served = stateAfter(made(a), switched(a));
    expect(served).toMatchObject({ candidates: [], current: a, record: { release: 'a' } });
    const replaced = transition(transition(served, made(b)), switched(b));
    expect(replaced).toMatchObject({ current: b, leaving: [a], record: { release: 'b' } });
    expect(places(replaced)).toEqual({ a: 'replaced', b: 'current' });
    expect(transition(replaced, { event: 'gone', processes: a }).leaving).toEqual([]);
  });

  it('changes no state that it was given', () => {
    const before = stateAfter(made(a), switched(a), made(b));
    const copy = structuredClone(before);
    transition(before, switched(b));
    transition(before, diverted(b, 10));
    transition(before, { event: 'released', entry: entry('a') });
    expect(before).toEqual(copy);
  });

  it('forgets a candidate that did not start', () => {
    const state = stateAfter(made(a), switched(a), made(b), { event: 'not-started', processes: b });
    expect(places(state)).toEqual({ a: 'current' });
    expect(state.leaving).toEqual([]);
  });

  it('switches to what serves already without letting it leave', () => {
    expect(stateAfter(made(a), switched(a), switched(a))).toMatchObject({ current: a, leaving: [] });
  });

  it('keeps the same canary when its share changes, and lets another one leave', () => {
    const canary = stateAfter(made(a), switched(a), made(b), { ...diverted(b, 10), by: 'anna' }, diverted(b, 50));
    expect(canary).toMatchObject({ canary: { processes: b, percent: 50 }, leaving: [] });
    expect(canary.record.canary).toEqual({ release: 'b', percent: 50, by: 'anna' });
    const other = transition(transition(canary, made(c)), diverted(c, 5));
    expect(places(other)).toEqual({ a: 'current', b: 'replaced', c: 'canary' });
    expect(other.record.canary).toEqual({ release: 'c', percent: 5 });
  });

  it('promotes a canary, in the journal as well', () => {
    const state = stateAfter(made(a), switched(a), made(b), diverted(b, 10), switched(b));
    expect(places(state)).toEqual({ a: 'replaced', b: 'current' });
    expect(state.record).toEqual({ history: [], release: 'b', canary: undefined });
  });

  it('lets a canary leave that is ended, and keeps one while what serves is restarted', () => {
    const canary = stateAfter(made(a), switched(a), made(b), diverted(b, 10));
    expect(places(transition(canary, { event: 'canary-ended' }))).toEqual({ a: 'current', b: 'replaced' });
    const restarted = transition(canary, switched(of('a')));
    expect(restarted).toMatchObject({ canary: { processes: b }, record: { canary: { release: 'b' } }, leaving: [a] });
    expect(stateAfter({ event: 'canary-ended' }).leaving).toEqual([]);
  });

  it('gives previews places of their own, and ends one of them', () => {
    const both = stateAfter(made(a), { event: 'previewed', processes: a }, made(b), {
      event: 'previewed',
      processes: b,
    });
    expect(places(both)).toEqual({ a: 'preview', b: 'preview' });
    expect(places(transition(both, { event: 'preview-ended', release: 'a' }))).toEqual({ a: 'replaced', b: 'preview' });
    expect(transition(both, { event: 'preview-ended', release: 'c' })).toEqual(both);
  });

  it('lets leave what an earlier supervisor had replaced', () => {
    expect(stateAfter(made(a), { event: 'found-replaced', processes: a })).toMatchObject({
      candidates: [],
      leaving: [a],
    });
  });

  it('keeps the last fifty changes, and writes down which was rolled back and why', () => {
    const releases = Array.from({ length: 52 }, (_, index) => `r${index}`);
    const state = stateAfter(...releases.map((release) => ({ event: 'released', entry: entry(release) }) as const), {
      event: 'released',
      entry: entry('r10'),
    });
    expect(state.record.history.map(({ release }) => release)).toEqual([...releases.slice(3), 'r10']);
    const rolledBack = transition(state, { event: 'rolled-back', release: 'r10', reason: 'it crashed' });
    const restored = rolledBack.record.history.flatMap((each, index) => (each.restored ? [index] : []));
    expect(restored).toEqual([49]);
    expect(transition(state, { event: 'rolled-back', release: 'none', reason: 'why' })).toEqual(state);
  });

  it('takes what the operator set, and what ends it again', () => {
    const set = stateAfter({ event: 'scaled', count: 0 }, { event: 'paused', paused: true });
    expect(set.record).toMatchObject({ scale: 0, paused: true });
    const ended = transition(transition(set, { event: 'scaled', count: undefined }), {
      event: 'paused',
      paused: false,
    });
    expect(JSON.stringify(ended.record)).toBe('{"history":[]}');
  });
});

describe('the state of a unit', () => {
  it('counts restarts that never fall when a release leaves and is gone', () => {
    const [first, second] = [of('a', 3), of('b', 1)];
    const served = stateAfter(made(first), switched(first));
    const replaced = [made(second), switched(second)].reduce<UnitState<Fake>>(transition, served);
    const gone = transition(replaced, { event: 'gone', processes: first });
    expect([served, replaced, gone].map(restartsOf)).toEqual([3, 4, 4]);
  });

  it.each([
    ['down', undefined, 'function'],
    ['asleep', { wanted: 0, ready: [], backoffMs: 0 }, 'function'],
    ['paused', { wanted: 0, ready: [], backoffMs: 0 }, 'worker'],
    ['serving', { wanted: 1, ready: [{}], backoffMs: 0 }, 'function'],
    ['backing off', { wanted: 1, ready: [], backoffMs: 30_000 }, 'function'],
    ['down', { wanted: 1, ready: [], backoffMs: 200 }, 'worker'],
  ] as const)('is %s with %j of a %s', (name, current, kind) => {
    const state = { ...emptyState({ history: [] }), current } as unknown as Parameters<typeof nameOfState>[0];
    expect(nameOfState(state, kind)).toBe(name);
  });

  it.each([
    ['as many as ran', {}, 2, 2],
    ['no more than the manifest allows', {}, 9, 4],
    ['one at least', {}, 0, 1],
    ['what the operator set', { scale: 3 }, 1, 3],
    ['none while it is paused', { scale: 3, paused: true }, 2, 0],
  ])('starts %s', (_, record, running, count) => {
    const unit = { kind: 'function', manifest: { instances: { min: 0, max: 4 } } } as Parameters<typeof startCount>[0];
    expect(startCount(unit, { history: [], ...record }, running)).toBe(count);
  });
});
