import type { AdapterOf } from '../providers/adapters.ts';
import type { Transport } from '../upstream/transport.ts';
import type { UpstreamState } from '../upstream/upstream-state.ts';
import { askEmbeddings } from './ask-embeddings.ts';
import type { ExchangeContext } from './ask-target.ts';
import type { Exchange } from './contract.ts';
import { passOperation } from './pass-operation.ts';
import { streamChat } from './stream-chat.ts';
import { TurnEnds } from './turn-end.ts';
import { Wheel } from './wheel.ts';
import { wholeChat } from './whole-chat.ts';

export interface ExchangeOptions {
  state: UpstreamState;
  adapterOf: AdapterOf;
  transport: Transport;
  /** Largest answers, read at each use, as they may change; `mediaBytes` of speech and pictures, 32 MiB unless given. */
  limits: { readonly responseBytes: number; readonly mediaBytes?: number };
  /** Events of a stream that are held until its first content, so that another target can still be asked. */
  heldEvents?: number;
  heldBytes?: number;
  /** Silence of a stream after which it begins with a sign of life, and the time between two of them. */
  commitMs?: number;
  keepAliveMs?: number;
  /** From 0 to below 1. */
  random?: () => number;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { limits, heldEvents = 64, heldBytes = 262_144, commitMs = 10_000, keepAliveMs = 15_000 } = options;
  const context: ExchangeContext = {
    ...options,
    get responseBytes() {
      return limits.responseBytes;
    },
    mediaBytes: limits.mediaBytes ?? 33_554_432,
    held: { events: heldEvents, bytes: heldBytes },
    times: { commitMs, keepAliveMs },
    wheel: new Wheel(),
    turnEnds: new TurnEnds(),
  };
  return {
    chat: (asked) => (asked.stream ? streamChat(context, asked) : wholeChat(context, asked)),
    embeddings: (asked) => askEmbeddings(context, asked),
    pass: (asked) => passOperation(context, asked),
  };
}
