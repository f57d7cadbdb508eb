import { isFinal } from '../../../modules/pictures/generation-state.ts';
import { createLocalBucket } from '../../../platform/capabilities/rates/index.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { isProblem, type Language, toProblemDocument } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { toProblem } from '../../../platform/runtime/http/to-problem.ts';
import type { Desk } from './desk.ts';
import { createFollows, type Follows } from './follows.ts';
import { closeCodes, type SocketLimits, socketLimits } from './limits.ts';
import { type ClientMessage, readMessage, type ServerMessage } from './messages.ts';
import { createOutbox, type Outbox, type Peer } from './outbox.ts';

interface SessionOptions {
  desk: Desk;
  language: Language;
  requestId: string;
  log: Pick<Log, 'error'>;
  limits?: SocketLimits;
}

/** One socket of a client: `connected → authorized → closed`. The protocol is told in `docs/images.md`. */
export class Session {
  readonly #peer: Peer;
  readonly #options: SessionOptions;
  readonly #limits: SocketLimits;
  readonly #outbox: Outbox;
  readonly #follows: Follows;
  readonly #bucket;
  readonly #timers = new Map<'authorize' | 'life' | 'ping' | 'token', NodeJS.Timeout>();
  readonly #lastMs: number;
  #admitted: { caller: Caller; token: string } | undefined;
  #leaveSeat = () => {};
  /** Messages are handled one after the other. */
  #received: Promise<void> = Promise.resolve();
  #missedPings = 0;
  #isEnded = false;

  constructor(peer: Peer, options: SessionOptions) {
    const { limits = socketLimits, desk } = options;
    this.#peer = peer;
    this.#options = options;
    this.#limits = limits;
    this.#lastMs = Date.now() + limits.lifeMs;
    this.#bucket = createLocalBucket(limits.messagesPerSecond, limits.messagesAtOnce);
    this.#outbox = createOutbox(peer, {
      read: (id) => this.#readChanged(id),
      slowMs: limits.slowMs,
      onSlow: () => this.#close('tooSlow', 'too slow'),
    });
    this.#follows = createFollows({
      subscribe: desk.subscribe,
      heartbeatMs: limits.heartbeatMs,
      onChange: this.#outbox.changed,
      onFailure: (id, error) => {
        this.#follows.remove(id);
        this.#tell('follow', error, id);
      },
    });
    const late = () => this.#close('unauthorized', 'not authorized in time');
    this.#timers.set('authorize', setTimeout(late, limits.authorizeMs));
    this.#timers.set(
      'life',
      setTimeout(() => this.#close('goOn', 'go on'), limits.lifeMs),
    );
    this.#timers.set(
      'ping',
      setInterval(() => this.#beat(), limits.pingMs),
    );
  }

  receive(text: string): void {
    if (this.#isEnded) return;
    if (this.#bucket.take('').allowed) this.#received = this.#received.then(() => this.#take(text));
    else this.#close('tooMany', 'too many messages');
  }

  /** What is not text is no message of the protocol. */
  receiveBytes(): void {
    this.#close('unsupported', 'messages are JSON texts');
  }

  /** The peer answered a ping. */
  alive(): void {
    this.#missedPings = 0;
  }

  /** The connection is gone. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#follows.end();
    this.#outbox.end();
    this.#leaveSeat();
  }

  #close(code: keyof typeof closeCodes, reason: string): void {
    if (this.#isEnded) return;
    this.end();
    this.#peer.close(closeCodes[code], reason);
  }

  #beat(): void {
    if (this.#missedPings >= this.#limits.missedPings) {
      this.end();
      this.#peer.cut();
    } else {
      this.#missedPings += 1;
      this.#peer.ping();
      void this.#recheck();
    }
  }

  /** Notices a token that is over or was revoked while the socket lasts. One that cannot be checked now is checked at the next beat. */
  async #recheck(): Promise<void> {
    const { token } = this.#admitted ?? {};
    if (token === undefined) return;
    try {
      await this.#options.desk.admit(token);
    } catch (error) {
      const isCurrent = this.#admitted?.token === token;
      if (isCurrent && isRefused(error)) this.#close('unauthorized', 'the token is over');
    }
  }

  async #take(text: string): Promise<void> {
    if (this.#isEnded) return;
    let message: ClientMessage | undefined;
    try {
      message = readMessage(text);
      await this.#handle(message);
    } catch (error) {
      if (!this.#admitted && !message) this.#close('unauthorized', FIRST);
      this.#tell(message?.type ?? 'message', error, message && 'id' in message ? message.id : undefined);
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    if (message.type === 'authorize') return this.#authorize(message.token);
    if (!this.#admitted) this.#close('unauthorized', FIRST);
    else if (message.type === 'follow') this.#follow(message.id);
    else if (message.type === 'unfollow') this.#unfollow(message.id);
    else await this.#cancel(this.#admitted.caller, message.id);
  }

  async #cancel(caller: Caller, id: string): Promise<void> {
    const image = await this.#options.desk.cancel(caller, id);
    if (this.#follows.has(id)) this.#outbox.changed(id);
    else this.#outbox.answer({ type: 'image', image });
  }

  async #authorize(token: string): Promise<void> {
    const { desk } = this.#options;
    const { caller, until } = await desk.admit(token).catch((error: unknown) => {
      if (isRefused(error)) this.#close('unauthorized', 'the token is not valid');
      throw error;
    });
    if (this.#isEnded) return;
    if (this.#admitted && !isSame(this.#admitted.caller, caller)) {
      this.#close('unauthorized', 'the token belongs to another person');
      return;
    }
    const leaveSeat = this.#admitted ? this.#leaveSeat : desk.takeSeat(caller.userId);
    if (!leaveSeat) {
      this.#close('tooMany', `at most ${this.#limits.socketsOfPerson} sockets a person`);
      return;
    }
    this.#leaveSeat = leaveSeat;
    this.#admitted = { caller, token };
    const untilMs = Math.min(until?.getTime() ?? this.#lastMs, this.#lastMs);
    clearTimeout(this.#timers.get('authorize'));
    clearTimeout(this.#timers.get('token'));
    this.#timers.set(
      'token',
      setTimeout(() => void this.#recheck(), Math.max(0, untilMs - Date.now()) + TIMER_MS),
    );
    this.#outbox.answer({ type: 'authorized', until: new Date(untilMs).toISOString() });
  }

  #follow(id: string): void {
    const hasRoom = this.#follows.has(id) || this.#follows.size < this.#limits.follows;
    if (hasRoom) this.#follows.add(id);
    else this.#close('tooMany', `at most ${this.#limits.follows} images a socket`);
  }

  #unfollow(id: string): void {
    this.#follows.remove(id);
    this.#outbox.forget(id);
  }

  async #readChanged(id: string): Promise<ServerMessage | undefined> {
    if (!this.#admitted || !this.#follows.has(id)) return undefined;
    try {
      const image = await this.#options.desk.read(this.#admitted.caller, id);
      const isNew = this.#follows.isNew(image);
      if (isFinal(image)) this.#follows.remove(id);
      return isNew ? { type: 'image', image } : undefined;
    } catch (error) {
      // Deleted, or never there. What cannot be read at the moment is read again at the next change or heartbeat.
      if (isProblem(error, notFound)) this.#follows.remove(id);
      return this.#problem('follow', error, id);
    }
  }

  #tell(about: About, error: unknown, id?: string): void {
    if (!this.#isEnded) this.#outbox.answer(this.#problem(about, error, id));
  }

  #problem(about: About, error: unknown, id?: string): ServerMessage {
    const { log, language, requestId } = this.#options;
    const problem = toProblem(error);
    if (problem.status >= 500) log.error({ error, problem: problem.type, about }, 'Message failed');
    return {
      ...{ type: 'problem', about, ...(id !== undefined && { id }) },
      problem: toProblemDocument(problem, language, requestId),
    };
  }
}

type About = Extract<ServerMessage, { type: 'problem' }>['about'];

const FIRST = 'the first message must be "authorize"';

/** Timers may fire a little early. */
const TIMER_MS = 20;

/** A credential that is not good, or may not do this, which looks as if it were not there. */
const isRefused = (error: unknown): boolean => isProblem(error, unauthenticated, notFound);

const isSame = (one: Caller, other: Caller): boolean =>
  one.userId === other.userId && one.organizationId === other.organizationId;
