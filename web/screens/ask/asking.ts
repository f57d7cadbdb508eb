import { type Client, NetworkError, ProblemError, type Schemas } from '@pandect/client';
import { type Asked, type ChosenDocument, type Kept, NEW } from './kept.ts';

export type Passage = NonNullable<Schemas['AskEvents']['passages']>['passages'][number];

/** A question whose answer is on its way, has just come, or did not come. */
export interface Turn extends Asked {
  /** asking → answering → done | failed; `lost` while a broken connection is made again, `stopping` once that was asked for. */
  state: 'asking' | 'answering' | 'lost' | 'stopping' | 'done' | 'failed';
  passages: Passage[];
  /** What of the answer has come. */
  text: string;
  answer?: Schemas['Answer'];
  error?: unknown;
}

export interface Asking {
  subscribe(change: () => void): () => void;
  get(slot: string): Turn | undefined;
  /** @param documents that the answer may come from; none: all */
  ask(slot: string, question: string, documents?: readonly ChosenDocument[]): void;
  /** Asks a failed question again under its key. */
  retry(slot: string): void;
  stop(slot: string): void;
  /** Takes a turn away that has ended. */
  dismiss(slot: string): void;
  /** Ends what is on its way in this page; the answers are stored all the same. */
  close(): void;
}

interface Deps {
  client: Pick<Client, 'ask' | 'stopAsking'>;
  kept: Kept;
  /** Called with a turn that is done; it is taken away when this resolves. */
  onDone(turn: Turn & { answer: Schemas['Answer'] }): Promise<void>;
  /** Called after each turn, however it ended. */
  onEnd(): void;
}

/** The server knows a key shortly after the question was sent. */
const STOP_ATTEMPTS = 20;
const STOP_AGAIN_MS = 100;

/**
 * Questions on their way, one for each conversation. They go on while other screens are shown, and after a reload of the page; each change
 * makes a new `Turn`.
 */
export function createAsking({ client, kept, onDone, onEnd }: Deps): Asking {
  const turns = new Map<string, Turn>();
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const change = (key: string, slot: string, changes: Partial<Turn>) => {
    const turn = turns.get(slot);
    if (turn?.key !== key) return;
    turns.set(slot, { ...turn, ...changes });
    tell();
  };

  async function run(asked: Asked): Promise<void> {
    const { slot, key, question, documents = [] } = asked;
    turns.set(slot, { ...asked, state: 'asking', passages: [], text: '' });
    kept.keep(asked);
    tell();
    const request = {
      question,
      ...(slot !== NEW && { conversationId: slot }),
      ...(documents.length > 0 && { documentIds: documents.map(({ id }) => id) }),
    };
    const isStopping = () => turns.get(slot)?.state === 'stopping';
    const state = (usual: Turn['state']) => (isStopping() ? 'stopping' : usual);
    let text = '';
    try {
      for await (const event of client.ask(request, { key, signal: closing.signal })) {
        if (event.event === 'passages') change(key, slot, { passages: event.data.passages, state: state('asking') });
        else if (event.event === 'lost') change(key, slot, { state: state('lost') });
        else if (event.event === 'restart') {
          text = '';
          change(key, slot, { text, passages: [], state: state('asking') });
        } else if (event.event === 'delta') {
          text += event.data.text;
          change(key, slot, { text, state: state('answering') });
        } else if (event.event === 'done') await finish(asked, event.data);
      }
    } catch (error) {
      if (closing.signal.aborted) return;
      // An answer whose connection was lost may be there; all else that failed is over.
      if (!(error instanceof NetworkError)) kept.forget(key);
      change(key, slot, { state: 'failed', error });
    }
    onEnd();
  }

  async function finish({ slot, key }: Asked, answer: Schemas['Answer']): Promise<void> {
    kept.forget(key);
    change(key, slot, { state: 'done', answer, text: answer.answer });
    const turn = turns.get(slot);
    if (turn?.key !== key) return;
    await onDone({ ...turn, answer }).catch(() => {});
    if (turns.get(slot)?.key === key) turns.delete(slot);
    tell();
  }

  async function stopRun(key: string, slot: string): Promise<void> {
    for (let attempt = 0; attempt < STOP_ATTEMPTS && turns.get(slot)?.state === 'stopping'; attempt += 1) {
      try {
        await client.stopAsking(key);
        return;
      } catch (error) {
        if (!(error instanceof ProblemError && error.is('not-found'))) break;
        await new Promise((resolve) => setTimeout(resolve, STOP_AGAIN_MS));
      }
    }
    change(key, slot, turns.get(slot)?.state === 'stopping' ? { state: 'answering' } : {});
  }

  for (const asked of kept.asked(Date.now())) void run(asked);
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: (slot) => turns.get(slot),
    ask(slot, question, documents = []) {
      const { key } = client.ask({ question });
      void run({ slot, key, question, documents, at: Date.now() });
    },
    retry(slot) {
      const turn = turns.get(slot);
      if (turn?.state !== 'failed') return;
      const { key, question, documents = [] } = turn;
      void run({ slot, key, question, documents, at: Date.now() });
    },
    stop(slot) {
      const turn = turns.get(slot);
      if (!turn || turn.state === 'done' || turn.state === 'failed' || turn.state === 'stopping') return;
      change(turn.key, slot, { state: 'stopping' });
      void stopRun(turn.key, slot);
    },
    dismiss(slot) {
      const turn = turns.get(slot);
      if (turn?.state !== 'failed') return;
      kept.forget(turn.key);
      turns.delete(slot);
      tell();
    },
    close() {
      closing.abort();
      turns.clear();
      tell();
    },
  };
}

/** Whether an answer is still to come. */
export const isOnItsWay = (turn: Turn | undefined): turn is Turn =>
  turn !== undefined && turn.state !== 'done' && turn.state !== 'failed';
