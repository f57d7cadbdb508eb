import { describe, expect, it, vi } from 'vitest';
import { socketLimits } from './limits.ts';
import { authorize, follow, HOUR_MS, newGeneration, open, sessionScene, settle, tokens } from './session.fixture.ts';

sessionScene();

describe('authorization', () => {
  it('is the first message, and tells how long it is good for', async () => {
    const { sent, say, state } = open();
    await say(authorize);
    expect(sent).toEqual([{ type: 'authorized', until: tokens.get('good')?.until?.toISOString() }]);
    expect(state.closed).toBeUndefined();
  });

  it.each([
    ['another message', { type: 'follow', id: crypto.randomUUID() }],
    ['no message of the protocol', { hello: 'world' }],
    ['a token that is not good', { type: 'authorize', token: 'forged' }],
  ])('in place of which comes %s ends the socket with 4401', async (_, message) => {
    const { say, state } = open();
    await say(message);
    expect(state.closed?.[0]).toBe(4401);
  });

  it('that does not come within 10 s ends the socket with 4401', async () => {
    const { state } = open();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(state.closed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state.closed?.[0]).toBe(4401);
  });

  it('ends with its token, unless a newer one was sent', async () => {
    const idle = open();
    const renewed = open();
    for (const one of [idle, renewed]) await one.say(authorize);
    await renewed.say({ type: 'authorize', token: 'newer' });
    await vi.advanceTimersByTimeAsync(HOUR_MS / 2 - 1_000);
    expect([idle.state.closed, renewed.state.closed]).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(1_100);
    expect([idle.state.closed?.[0], renewed.state.closed]).toEqual([4401, undefined]);
  });

  it('ends soon after the key was revoked', async () => {
    const { say, state } = open();
    await say({ type: 'authorize', token: 'key' });
    tokens.delete('key');
    await vi.advanceTimersByTimeAsync(socketLimits.pingMs);
    expect(state.closed?.[0]).toBe(4401);
  });

  it('cannot be passed on to somebody else', async () => {
    const { say, state } = open();
    await say(authorize, { type: 'authorize', token: 'of boris' });
    expect(state.closed?.[0]).toBe(4401);
  });

  it('is refused to the sixth socket of a person with 4429, until one of the others has gone', async () => {
    const sockets = Array.from({ length: 5 }, () => open());
    for (const { say } of sockets) await say(authorize);
    const sixth = open();
    await sixth.say(authorize);
    expect(sixth.state.closed?.[0]).toBe(4429);
    const other = open();
    await other.say({ type: 'authorize', token: 'of boris' });
    sockets[0]?.session.end();
    const seventh = open();
    await seventh.say(authorize);
    expect([other.state.closed, seventh.state.closed]).toEqual([undefined, undefined]);
  });
});

describe('a message', () => {
  it('cancels a generation, followed or not', async () => {
    const { sent, say } = open();
    const [one, two] = [newGeneration(), newGeneration()];
    await say(authorize, { type: 'cancel', id: one }, follow(two), { type: 'cancel', id: two });
    expect(sent.filter(({ image }) => image?.status === 'cancelled').map(({ image }) => image.id)).toEqual([one, two]);
    await say({ type: 'cancel', id: crypto.randomUUID() });
    expect(sent.at(-1)).toMatchObject({ type: 'problem', about: 'cancel', problem: { status: 404 } });
  });

  it.each([
    ['{', 'message', 'malformed-json'],
    ['{"type":"dance"}', 'message', 'invalid-request'],
    ['{"type":"follow","id":"../x"}', 'message', 'invalid-request'],
    [`{"type":"follow","id":"${crypto.randomUUID()}","more":1}`, 'message', 'invalid-request'],
  ])('that is malformed is answered with a problem: %s', async (text, about, type) => {
    const { sent, say, session, state } = open();
    await say(authorize);
    session.receive(text);
    await settle();
    expect(sent.at(-1)).toMatchObject({ type: 'problem', about, problem: { type: `urn:pandect:problem:${type}` } });
    expect(state.closed).toBeUndefined();
  });

  it('beyond what a client can mean ends the socket with 4429', async () => {
    const { say, state } = open();
    await say(authorize, ...Array.from({ length: 200 }, () => ({ type: 'unfollow', id: crypto.randomUUID() })));
    expect(state.closed?.[0]).toBe(4429);
  });

  it('that is not text ends the socket with 1003', () => {
    const { session, state } = open();
    session.receiveBytes();
    expect(state.closed?.[0]).toBe(1003);
  });
});

describe('a socket', () => {
  it('is pinged each 25 s, and cut when two pings are not answered', async () => {
    const { say, state } = open();
    await say({ type: 'authorize', token: 'key' });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(state).toMatchObject({ pings: 4, isCut: false });
    state.isSilent = true;
    await vi.advanceTimersByTimeAsync(50_000);
    expect(state).toMatchObject({ pings: 6, isCut: false });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(state.isCut).toBe(true);
  });

  it('is told to go on after an hour with 1001', async () => {
    const { say, state } = open();
    await say({ type: 'authorize', token: 'key' });
    await vi.advanceTimersByTimeAsync(HOUR_MS - 1);
    expect(state.closed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state.closed).toEqual([1001, 'go on']);
  });

  it('leaves no timer when it has ended', async () => {
    const { say, session } = open();
    await say(authorize, follow(newGeneration()));
    session.end();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});
