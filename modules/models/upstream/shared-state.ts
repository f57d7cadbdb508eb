import type { ProviderKey } from '../providers/adapter.ts';
import { createLocalState, keyName, type LocalTurn } from './local-state.ts';
import { createSharedStore, type SharedStateOptions, type SharedTurn, UNKNOWN_EPOCH } from './shared-store.ts';
import type { StateTarget, Turn, TurnEnd, TurnRefusal, UpstreamState } from './upstream-state.ts';
import { createWaitingLine, type WaitingLine } from './waiting-line.ts';

/** A server that wants no key is asked with this one. */
const keyless: ProviderKey = { id: 'none', secret: '', weight: 1 };

/** What all processes decide together in Redis, and each by itself while Redis is unavailable. */
export function createUpstreamState(options: SharedStateOptions): UpstreamState & { close(): void } {
  const store = createSharedStore(options);
  const local = createLocalState(options.breaker);
  const lines = new Map<string, WaitingLine>();
  const attempt = createAttempt(store, local, (target) => lines.get(lineOf(target))?.wake());

  return {
    async begin({ keys, ...asked }, { waitMs, signal }) {
      const target = { ...asked, keys: keys.length > 0 ? keys : [keyless] };
      signal.throwIfAborted();
      const look = async () => endIfAborted(await attempt(target), signal);
      const name = lineOf(target);
      const isFirst = !lines.has(name);
      let last = isFirst || waitMs <= 0 ? await look() : undefined;
      if (last && (!isFull(last) || waitMs <= 0)) return last;
      const line = lines.get(name) ?? createWaitingLine();
      lines.set(name, line);
      try {
        const found = await line.wait(
          async () => {
            last = await look();
            return isFull(last) ? undefined : last;
          },
          { waitMs, signal },
        );
        return found ?? last ?? { reason: 'full', retryAfterMs: waitMs };
      } finally {
        if (line.isEmpty) lines.delete(name);
      }
    },
    list: () => store.list().catch(() => local.list()),
    async set(target, state) {
      await store.set(target, state);
      local.set(target, state);
    },
    close: () => store.close(),
  };
}

type Attempt = (target: StateTarget) => Promise<Turn | TurnRefusal>;

function createAttempt(
  store: ReturnType<typeof createSharedStore>,
  local: ReturnType<typeof createLocalState>,
  onEnd: (target: StateTarget) => void,
): Attempt {
  const inUse = new Map<string, number>();
  /** Targets that failed lately, as far as is known here: a success is worth telling. */
  const troubled = new Set<string>();

  const open = (
    target: StateTarget,
    shared: Omit<SharedTurn, 'failures'>,
    { epoch }: Pick<LocalTurn, 'epoch'>,
  ): Turn => {
    const { key, isProbe } = shared;
    const name = keyName(target, key);
    inUse.set(name, (inUse.get(name) ?? 0) + 1);
    store.hold(target, shared);
    let ended = false;
    return {
      key,
      isProbe,
      end(how) {
        if (ended) return;
        ended = true;
        const left = (inUse.get(name) ?? 1) - 1;
        if (left > 0) inUse.set(name, left);
        else inUse.delete(name);
        local.end(target, key, epoch, how);
        if (how.outcome === 'failure') troubled.add(target.target);
        if (isWorthTelling(how, shared, troubled.has(target.target))) store.end(target, shared, how);
        if (how.outcome === 'success') troubled.delete(target.target);
        onEnd(target);
      },
    };
  };

  return async (target) => {
    const answer = await store.begin(target, (key) => local.restMs(target, key));
    if (!answer) {
      const turn = local.begin(target, (key) => inUse.get(keyName(target, key)) ?? 0);
      if ('reason' in turn) return turn;
      return open(target, { ...turn, lease: crypto.randomUUID(), epoch: UNKNOWN_EPOCH }, turn);
    }
    if ('reason' in answer) {
      if (answer.reason === 'open') local.learn(target.target, answer.retryAfterMs);
      return answer;
    }
    if (answer.failures > 0) troubled.add(target.target);
    if (!answer.isProbe) local.learn(target.target, undefined);
    return open(target, answer, { epoch: local.epochOf(target.target) });
  };
}

const isFull = (answer: Turn | TurnRefusal): boolean => 'reason' in answer && answer.reason === 'full';

/** Those who wait for the same keys stand in one line. */
const lineOf = ({ provider, keys }: StateTarget) => `${provider} ${keys.map(({ id }) => id).join(' ')}`;

/** @throws the signal's reason once it aborted, after the turn was given back */
function endIfAborted(answer: Turn | TurnRefusal, signal: AbortSignal): Turn | TurnRefusal {
  if (signal.aborted && 'end' in answer) answer.end({ outcome: 'abandoned' });
  signal.throwIfAborted();
  return answer;
}

/** A success of a healthy upstream, with a key without slots, changes nothing anywhere. */
function isWorthTelling(
  { outcome, cooldownMs, park }: TurnEnd,
  { key, isProbe }: Pick<SharedTurn, 'key' | 'isProbe'>,
  isTroubled: boolean,
): boolean {
  if (key.concurrency !== undefined || isProbe || cooldownMs || park) return true;
  return outcome === 'failure' || (outcome === 'success' && isTroubled);
}
