import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as its client saw it; times are milliseconds of `performance.now()`. */
export interface Visit {
  began: number;
  ended: number;
  /** What the answer calls its release. */
  version?: string;
  /** Why it is no answer: a status other than 200, or a broken connection. */
  failure?: string;
}

export interface SteadyLoadOptions {
  /** Answers GET and POST with JSON that holds a `version`. */
  url: string;
  connections: number;
  /** Mean pause of each connection between two requests; 0 asks as fast as the answers come. */
  pauseMs: number;
}

const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(2_000) }));
/** Longer than any answer takes; one that hangs holds up the round. */
const ANSWER_MS = 5_000;

/**
 * Keeps so many connections busy until it is stopped, half of them with GET, half with POST. Nothing is tried again.
 * @returns `stop`, which resolves with all requests
 */
export function startSteadyLoad({ url, connections, pauseMs }: SteadyLoadOptions): { stop(): Promise<Visit[]> } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const visits: Visit[] = [];
  let running = true;
  const loops = Array.from({ length: connections }, async (_, index) => {
    while (running) {
      visits.push(await visit(agent, url, index % 2 === 0 ? 'GET' : 'POST'));
      // Connections that paused alike would all come at once.
      if (pauseMs > 0) await sleep(pauseMs * (0.5 + Math.random()));
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(loops);
      agent.destroy();
      return visits;
    },
  };
}

/** Never rejects: a failure is a result. */
export function visit(agent: Agent | false, url: string, method: 'GET' | 'POST' = 'GET'): Promise<Visit> {
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (result: { version: string } | { failure: string }) =>
      resolve({ began, ended: performance.now(), ...result });
    const headers = method === 'POST' ? { 'content-type': 'application/json', 'content-length': body.length } : {};
    const sent = request(url, { agent, method, headers, timeout: ANSWER_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', ({ message }) => done({ failure: message }));
      response.on('end', () => {
        const version = /"version":"([^"]*)"/.exec(text)?.[1];
        done(
          response.statusCode === 200 && version !== undefined
            ? { version }
            : { failure: `${response.statusCode} ${text}` },
        );
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    sent.on('error', ({ message }) => done({ failure: message }));
    sent.end(method === 'POST' ? body : undefined);
  });
}
