import type { ServerMessage } from './messages.ts';

/** The sending side of a connection. */
export interface Peer {
  /** Resolves when the text has left, or cannot any more. */
  send(text: string): Promise<void>;
  ping(): void;
  close(code: number, reason: string): void;
  /** Without a farewell. */
  cut(): void;
}

/** What waits to be sent: answers in their order, and of each generation no more than that it changed. */
export interface Outbox {
  /** Sends a message after those before it. */
  answer(message: ServerMessage): void;
  /** Has a generation read and sent when the reader is ready for it. */
  changed(id: string): void;
  forget(id: string): void;
  /** Resolves when all that was said so far has left. */
  flushed(): Promise<void>;
  end(): void;
}

/**
 * One message is on its way at a time: while a slow reader takes it, changes only leave a mark, and what is sent next is the newest state.
 * @param read the message for a generation that changed; undefined when there is nothing new to say
 * @param onSlow called when a message has not left within `slowMs`
 */
export function createOutbox(
  peer: Pick<Peer, 'send'>,
  {
    read,
    slowMs,
    onSlow,
  }: { read: (id: string) => Promise<ServerMessage | undefined>; slowMs: number; onSlow: () => void },
): Outbox {
  const answers: ServerMessage[] = [];
  const marked = new Set<string>();
  let pumping: Promise<void> | undefined;
  let ended = false;

  const next = async (): Promise<ServerMessage | undefined> => {
    const answer = answers.shift();
    if (answer) return answer;
    for (const id of marked) {
      marked.delete(id);
      return read(id);
    }
    return undefined;
  };
  const send = async (message: ServerMessage) => {
    const slow = setTimeout(onSlow, slowMs);
    await peer.send(JSON.stringify(message));
    clearTimeout(slow);
  };
  const pump = async () => {
    while (!ended && answers.length + marked.size > 0) {
      const message = await next();
      if (message && !ended) await send(message);
    }
    pumping = undefined;
  };
  const start = () => {
    if (!ended) pumping ??= pump();
  };

  return {
    answer(message) {
      answers.push(message);
      start();
    },
    changed(id) {
      marked.add(id);
      start();
    },
    forget: (id) => void marked.delete(id),
    flushed: async () => pumping,
    end() {
      ended = true;
      answers.length = 0;
      marked.clear();
    },
  };
}
