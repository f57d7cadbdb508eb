import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { createMetrics } from '../../../platform/kernel/telemetry/metrics.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type AdmissionRequest, createAdmission, reserveUnits } from '../../commerce/metering/index.ts';
import { type OpenAiServer, type Reply, type Script, say, startOpenAiServer } from '../../testing/openai-server.ts';
import { testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { createAdapters } from '../providers/adapters.ts';
import { chatAt } from '../providers/openai/openai.fixture.ts';
import { createLocalTokens } from '../providers/tokens/token-store.ts';
import { createMemoryState, keys, targetAt } from '../routing/exchange.fixture.ts';
import { createTransport } from '../upstream/transport.ts';
import type { ChatEvent, ChatModel } from './chat-model.ts';
import { meteredCall, reservedCall, type Said } from './metered-call.ts';
import { createTargetChats } from './target-chats.ts';

const database = await testDatabase();
afterAll(() => database.close());
const admission = createAdmission(database.tenant, {
  tokensPerMinute: { external: 100_000, internal: 100_000 },
});
const notifications: Notifications = { send: () => Promise.reject(new Error('No budget is set here')) };
const PRICED = 'gpt-4';
const OTHER = 'gpt-3.5-turbo';
const retry = { attempts: 3, budgetMs: 20_000, on: ['connect', 'timeout', '429', '5xx', 'overloaded'] } as const;

const requestOf = (caller: Caller): AdmissionRequest => ({
  caller,
  requestId: crypto.randomUUID(),
  secondsOpen: 60,
  tokens: { questionTokens: 10, contextTokens: 10, maxTokens: [] },
  models: policyModels(PRICED),
});

interface Circumstances {
  work(): Promise<void>;
  leaves(event: ChatEvent): boolean;
  chatOf(server: OpenAiServer, model: string): ChatModel;
}

/** What a provider that follows the script makes of a call that may be repeated with these models. */
async function call(
  script: Script,
  models: string[],
  { work, leaves = () => false, chatOf = ({ baseUrl }) => chatAt(baseUrl) }: Partial<Circumstances> = {},
) {
  const { id: organizationId, owner } = await testOrganization(database, { tier: 'enterprise' });
  const server = await startOpenAiServer({ chat: script });
  onTestFinished(() => server.close());
  const calls = models.map((model) => ({
    chat: chatOf(server, model),
    request: { model, messages: [{ role: 'user' as const, content: 'How long?' }] },
  }));
  const deps = { database: database.tenant, admission, notifications, metrics: createMetrics({ enabled: false }) };
  const events: ChatEvent[] = [];
  let said: Said | undefined;
  const made = meteredCall(deps, requestOf(owner), async function* (metered) {
    for await (const event of metered.ask(calls, new AbortController().signal, retry)) {
      if (event.type === 'ended') said = event;
      else yield event;
      await work?.();
    }
    if (said?.error !== undefined) throw said.error;
    await database.tenant.tenant(organizationId, (tx) => metered.settle(tx, {}));
  });
  const read = async () => {
    for await (const event of made) {
      events.push(event);
      if (leaves(event)) break;
    }
  };
  const failure = await read().catch((error: unknown) => error);
  const rows = await database.owner`
    select attempt, outcome, model, completion_tokens as tokens from usage_logs
    where organization_id = ${organizationId} and action = 'ai_query' order by attempt`;
  const [{ state } = {}] =
    await database.owner`select state from usage_reservations where organization_id = ${organizationId}`;
  const requests = server.requests.length;
  return { said, events, failure, requests, server, state, rows: rows.map((row) => ({ ...row })) };
}

const fine: Reply = say('Five years.', { prompt: 50, completion: 9 });

describe('a metered call', () => {
  it('that succeeds is one request and one cost row', async () => {
    const { requests, rows, events } = await call([fine], [PRICED, OTHER]);
    expect(requests).toBe(1);
    expect(rows).toEqual([{ attempt: 1, outcome: 'done', model: PRICED, tokens: 9 }]);
    expect(events.at(-1)).toMatchObject({ type: 'usage', completionTokens: 9 });
  });

  it.each<[string, Reply, string[]]>([
    ['a status', { status: 500 }, [PRICED, PRICED]],
    ['a short wait', { status: 429, headers: { 'retry-after': '0' } }, [PRICED, PRICED]],
    ['a long wait, of another model', { status: 429, headers: { 'retry-after': '60' } }, [PRICED, OTHER]],
    ['a cut connection', 'cut', [PRICED, OTHER]],
    ['the refusal of a key, of another model', { status: 401 }, [PRICED, OTHER]],
  ])('is repeated after %s, and each try has a cost row', async (_, reply, models) => {
    const { requests, rows, said } = await call([reply, fine], models);
    expect(requests).toBe(2);
    expect(rows).toMatchObject([
      { attempt: 1, outcome: 'failed', model: models[0], tokens: 0 },
      { attempt: 2, outcome: 'done', model: models[1], tokens: 9 },
    ]);
    expect(said).toMatchObject({ text: 'Five years.', at: 1 });
  });

  it.each<[string, Reply, string[]]>([
    ['that was refused', { status: 400 }, [PRICED, OTHER]],
    ['that is withdrawn', { stream: [{ delta: 'Five' }, { error: 'down' }] }, [PRICED, OTHER]],
    ['whose answer was begun', { stream: [{ delta: 'Five' }, 'cut'] }, [PRICED, OTHER]],
    ['whose model asks for a long wait', { status: 429, headers: { 'retry-after': '60' } }, [PRICED, PRICED]],
    ['that has no other call', { status: 500 }, [PRICED]],
  ])('%s is one request', async (_, reply, models) => {
    const { requests, rows, failure } = await call([reply, fine], models);
    expect(failure).toBeInstanceOf(Error);
    expect([requests, rows.length]).toEqual([1, 1]);
  });

  /** The first model has these keys, the other one the usual. */
  const withKeys = (...ids: string[]) => {
    const allowedHosts = ['127.0.0.1'];
    const transport = createTransport({ allowedHosts });
    onTestFinished(() => transport.close());
    const adapterOf = createAdapters({ tokens: createLocalTokens() });
    const chats = createTargetChats({ allowedHosts, transport, adapterOf, state: createMemoryState().state });
    return (server: OpenAiServer, model: string) =>
      model === PRICED ? chats.of(targetAt(server, { keys: keys(...ids) })) : chatAt(server.baseUrl);
  };
  const keysOf = ({ requests }: OpenAiServer) => requests.map(({ headers }) => headers.authorization);

  it.each<[string, Reply]>([
    ['is refused', { status: 401 }],
    ['has to wait', { status: 429, headers: { 'retry-after': '60' } }],
  ])('whose key %s is made with another key of the same model', async (_, reply) => {
    const { server, rows, said } = await call([reply, fine], [PRICED, OTHER], { chatOf: withKeys('k1', 'k2') });
    expect(keysOf(server)).toEqual(['Bearer sk-k1', 'Bearer sk-k2']);
    expect(rows).toMatchObject([
      { attempt: 1, outcome: 'failed', model: PRICED, tokens: 0 },
      { attempt: 2, outcome: 'done', model: PRICED, tokens: 9 },
    ]);
    expect(said).toMatchObject({ text: 'Five years.', at: 0 });
  });

  it('leaves one attempt of three for the next model, whatever keys there are', async () => {
    const refused: Reply = { status: 401 };
    const chatOf = withKeys('k1', 'k2', 'k3');
    const { server, rows } = await call([refused, refused, fine], [PRICED, OTHER], { chatOf });
    expect(keysOf(server)).toEqual(['Bearer sk-k1', 'Bearer sk-k2', 'Bearer sk-test']);
    expect(rows.map(({ outcome, model }) => [outcome, model])).toEqual([
      ['failed', PRICED],
      ['failed', PRICED],
      ['done', OTHER],
    ]);
  });

  it('that fails twice is two requests, and costs nothing', async () => {
    const { requests, rows, failure } = await call([{ status: 503 }], [PRICED, OTHER]);
    expect(failure).toMatchObject({ name: 'AiFailure', reason: 'broken' });
    expect(requests).toBe(2);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });

  it('that breaks off in the middle is charged with what was said', async () => {
    const { rows, failure } = await call([{ stream: [{ delta: 'Five years' }, 'cut'] }], [PRICED]);
    expect(failure).toMatchObject({ type: 'ai-broke-off' });
    expect(rows).toMatchObject([{ outcome: 'broken', tokens: 3 }]);
  });

  it('whose work fails in the middle is charged with what was said', async () => {
    const { rows, failure } = await call([{ stream: [{ delta: 'Five years' }, 'hang'] }], [PRICED], {
      work: async () => {
        throw new Error('Send: the reader left');
      },
    });
    expect(failure).toMatchObject({ message: 'Send: the reader left' });
    expect(rows).toMatchObject([{ outcome: 'broken', tokens: 3 }]);
  });

  it('whose reader leaves in the middle ends upstream, and is charged with what was said', async () => {
    const hanging: Script = [{ stream: [{ delta: 'Five years' }, 'hang'] }];
    const { rows, state, server, events } = await call(hanging, [PRICED], { leaves: ({ type }) => type === 'text' });
    expect(events).toEqual([{ type: 'text', text: 'Five years' }]);
    expect(rows).toMatchObject([{ outcome: 'broken', tokens: 3 }]);
    expect(state).toBe('settled');
    await vi.waitFor(() => expect(server.requests[0]?.abandoned).toBe(true));
  });

  it('whose reader leaves before a model was asked is given back', async () => {
    const { id: organizationId, owner } = await testOrganization(database, { tier: 'enterprise' });
    const deps = { database: database.tenant, admission, notifications, metrics: createMetrics({ enabled: false }) };
    const made = meteredCall(deps, requestOf(owner), async function* () {
      yield 'passages';
      yield 'delta';
    });
    for await (const _ of made) break;
    const rows = await database.owner`select state from usage_reservations where organization_id = ${organizationId}`;
    expect(rows).toMatchObject([{ state: 'released' }]);
  });
});

describe('a call whose units were reserved before', () => {
  async function reserved() {
    const { id: organizationId, owner } = await testOrganization(database, { tier: 'enterprise' });
    const requestId = crypto.randomUUID();
    await database.tenant.tenant(organizationId, (tx) =>
      reserveUnits(
        tx,
        {
          ...{ owner: { organizationId }, userId: owner.userId, requestId, action: 'image', amounts: { image: 1 } },
          ...{ secondsOpen: 60 },
          model: { channel: 'external', models: policyModels(PRICED), question: 1, prompt: 10, completion: 10 },
        },
        { external: 100_000 },
      ),
    );
    const deps = { database: database.tenant, notifications, metrics: createMetrics({ enabled: false }) };
    const rows = async () => {
      const [{ state } = {}] = await database.owner`
        select state from usage_reservations where request_id = ${requestId}`;
      const logs = await database.owner`select outcome, model from usage_logs where request_id = ${requestId}`;
      return { state, logs: logs.map((row) => ({ ...row })) };
    };
    return { organizationId, requestId, deps, rows };
  }

  /** Asks once, then does this. */
  async function callOnce(script: Script, end: 'settle' | 'giveBack' | 'throw') {
    const server = await startOpenAiServer({ chat: script });
    onTestFinished(() => server.close());
    const { organizationId, requestId, deps, rows } = await reserved();
    const made = reservedCall(deps, { organizationId, requestId }, async function* (call) {
      const request = { model: PRICED, messages: [{ role: 'user' as const, content: 'How long?' }] };
      yield* call.ask([{ chat: chatAt(server.baseUrl), request }], new AbortController().signal, retry);
      if (end === 'throw') throw new Error('Stop here');
      await database.tenant.tenant(organizationId, (tx) =>
        end === 'settle' ? call.settle(tx, {}) : call.giveBack(tx),
      );
    });
    await (async () => {
      for await (const _ of made);
    })().catch(() => {});
    return rows();
  }

  it('ends by its work, and what the model used is written down', async () => {
    expect(await callOnce([fine], 'settle')).toEqual({ state: 'settled', logs: [{ outcome: 'done', model: PRICED }] });
    expect(await callOnce([fine], 'giveBack')).toEqual({
      state: 'released',
      logs: [{ outcome: 'failed', model: PRICED }],
    });
  });

  it('is given back when its work throws, also in the middle of an answer', async () => {
    const brokenOff: Reply = { stream: [{ delta: 'Five' }, 'cut'] };
    for (const reply of [fine, brokenOff])
      expect(await callOnce([reply], 'throw')).toMatchObject({ state: 'released', logs: [{ outcome: 'failed' }] });
  });

  it('is refused beyond the tokens of a minute', async () => {
    const { organizationId } = await reserved();
    const asking = database.tenant.tenant(organizationId, (tx) =>
      reserveUnits(
        tx,
        {
          ...{ owner: { organizationId }, userId: null, requestId: crypto.randomUUID(), action: 'image' },
          ...{ amounts: { image: 1 }, secondsOpen: 60 },
          model: { channel: 'external', models: policyModels(PRICED), question: 1, prompt: 10, completion: 10 },
        },
        { external: 30 },
      ),
    );
    await expect(asking).rejects.toMatchObject({ type: 'tokens-per-minute-used' });
  });
});
