import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Requests whose bodies are on their way. They take no place among those that are worked on, so clients that send
 * slowly, or never, keep no other client out: they only run into the limits here.
 *
 * A small body is waited for. Where large ones are taken, such as uploads, they are read as they come, for as long as they do.
 */
export interface Arrivals {
  /**
   * Waits for a small body, without reading it. `comes`: the request is to be worked on, and watched, while its body
   * comes. `too-many`: its client, or all clients together, have too many bodies on their way.
   */
  wait(request: IncomingMessage): Promise<'there' | 'comes' | 'late' | 'left' | 'too-many'>;
  /** Counts a request among those that are worked on while their bodies come, and ends it when it comes too slowly. */
  watch(request: IncomingMessage, response: ServerResponse): void;
  /** So many requests are worked on while their bodies come. */
  watched(): number;
}

export interface ArrivalOptions {
  /** Requests that the process works on at once. */
  concurrency: number;
  /** Bytes of the largest body that is taken. */
  body: number;
  /** What a client is counted by. */
  clientOf: (request: IncomingMessage) => string;
  /** The longest wait for a small body. */
  smallSeconds?: number;
  /** A large one must come with so many bytes a second on average, after a grace of so many seconds. */
  large?: { bytes: number; graceSeconds: number };
}

/** Of what a process works on at once, one client may have so many bodies on their way, and all clients together. */
const CLIENT_SHARE = 1 / 2;
const ALL_SHARE = 4;

/** Bytes. Node keeps as many of a body that is not read. */
const SMALL_BODY = 65_536;

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

export function createArrivals(options: ArrivalOptions): Arrivals {
  const { concurrency, body, clientOf, smallSeconds = 5, large = { bytes: 1024, graceSeconds: 30 } } = options;
  const byClient = new Map<string, number>();
  let all = 0;
  let watched = 0;
  const isTooMany = (client: string) =>
    (byClient.get(client) ?? 0) >= Math.max(1, concurrency * CLIENT_SHARE) || all >= concurrency * ALL_SHARE;
  const add = (client: string, change: 1 | -1) => {
    const own = (byClient.get(client) ?? 0) + change;
    if (own > 0) byClient.set(client, own);
    else byClient.delete(client);
    all += change;
  };

  return {
    async wait(request) {
      const client = clientOf(request);
      if (isTooMany(client)) return 'too-many';
      if (!isSmall(request, body)) return 'comes';
      add(client, 1);
      const outcome = await arrives(request, smallSeconds);
      add(client, -1);
      return outcome;
    },
    watch(request, response) {
      if (request.complete) return;
      const client = clientOf(request);
      const { socket } = request;
      const [started, before] = [performance.now(), socket.bytesRead];
      const look = () => {
        if (request.complete) return end();
        const seconds = (performance.now() - started) / 1000 - large.graceSeconds;
        // What nothing has read here yet is not the client's slowness.
        if (request.readableLength === 0 && socket.bytesRead - before < seconds * large.bytes) request.destroy();
      };
      const timer = setInterval(look, (large.graceSeconds * 1000) / 6).unref();
      let ended = false;
      const end = () => {
        if (ended) return;
        ended = true;
        clearInterval(timer);
        add(client, -1);
        watched--;
      };
      add(client, 1);
      watched++;
      request.once('end', end).once('close', end);
      // Answered without its body.
      response.once('close', end);
    },
    watched: () => watched,
  };
}

/**
 * Whether a body is waited for: where no large ones are taken, which may come over a poor line. What announces more than
 * is taken need not come, as the request is refused without it.
 */
const isSmall = ({ headers }: IncomingMessage, most: number): boolean =>
  most <= SMALL_BODY && Number(headers['content-length'] ?? 0) <= most;

/** One in chunks that is larger than what Node keeps `comes` from then on. */
function arrives(request: IncomingMessage, seconds: number): Promise<'there' | 'comes' | 'late' | 'left'> {
  return new Promise((resolve) => {
    const settle = (outcome: 'there' | 'comes' | 'late' | 'left') => {
      clearTimeout(timer);
      request.off('readable', look).off('close', leave);
      resolve(outcome);
    };
    const look = () => {
      if (request.complete) settle('there');
      else if (request.readableLength >= request.readableHighWaterMark) settle('comes');
    };
    const leave = () => settle('left');
    const timer = setTimeout(() => settle('late'), seconds * 1000);
    request.on('readable', look).once('close', leave);
  });
}
