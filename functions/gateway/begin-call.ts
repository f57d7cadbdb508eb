import type { Context } from 'hono';
import type {
  Configurations,
  GatewayConfiguration,
  GatewayLimits,
} from '../../modules/models/configuration/contract.ts';
import type { DialectName } from '../../modules/models/dialects/contract.ts';
import type { CallLimits, Gateway } from '../../modules/models/gateway/admit-call.ts';
import { upstreamTimeout } from '../../modules/models/problems.ts';
import type { Target } from '../../modules/models/routing/route.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import { type CallTime, startTime } from './call-time.ts';
import { limitHeaders } from './limit-headers.ts';
import { type ReadBody, readJson } from './read-json.ts';

/** What every call of a model begins with, besides its body. */
export interface BegunCall {
  caller: Caller;
  configuration: GatewayConfiguration;
  time: CallTime;
  signal: AbortSignal;
  seconds: number;
  /** Puts what the caller has left into the headers of its answer, of an error too. */
  onLimits(limits: CallLimits): void;
}

/** Sends an answer that takes longer than the request is needed for. */
export type SendLater = () => Promise<Response>;

/** Reads the JSON of a call, and lets `work` answer it in time. @throws Problem upstream-timeout, and those of `readJson` */
export const answerCall = (
  c: Context<RouterEnv>,
  gateway: Pick<Gateway, 'configurations'>,
  dialect: DialectName,
  work: (call: BegunCall & ReadBody) => Promise<Response | SendLater>,
): Promise<Response> => answerRead(c, gateway, dialect, ({ bodyBytes }) => readJson(c, bodyBytes), work);

/** The same for a body of any type. @throws Problem upstream-timeout, and what `read` throws */
export async function answerRead<Read extends object>(
  c: Context<RouterEnv>,
  { configurations }: Pick<Gateway, 'configurations'>,
  dialect: DialectName,
  read: (limits: GatewayLimits) => Promise<Read>,
  work: (call: BegunCall & Read) => Promise<Response | SendLater>,
): Promise<Response> {
  using time = startTime(c);
  try {
    // What reads the request has ended, and holds it no more, when a stream begins.
    const answer = await beginCall(c, { configurations, dialect, time, read, work });
    return typeof answer === 'function' ? await answer() : answer;
  } catch (error) {
    if (time.isOver()) throw new Problem(upstreamTimeout, { cause: error });
    throw error;
  }
}

interface Begun<Read> {
  configurations: Configurations;
  dialect: DialectName;
  time: CallTime;
  read: (limits: GatewayLimits) => Promise<Read>;
  work: (call: BegunCall & Read) => Promise<Response | SendLater>;
}

async function beginCall<Read extends object>(
  c: Context<RouterEnv>,
  { configurations, dialect, time, read, work }: Begun<Read>,
): Promise<Response | SendLater> {
  const { caller } = c.var;
  const configuration = await configurations.of(caller.organizationId);
  const body = await read(configuration.limits);
  const { signal, seconds } = time;
  const onLimits = (limits: CallLimits) => {
    for (const [name, value] of Object.entries(limitHeaders(dialect, limits))) c.header(name, value);
  };
  return work({ ...body, caller, configuration, time, signal, seconds, onLimits });
}

/** What the gateway says of an answer. The cost of a stream is known after its end. */
export const answerHeaders = (told: {
  target: Target;
  attempts: number;
  dropped?: readonly string[];
  cost: string | undefined;
}): Record<string, string> => ({
  'x-pandect-target': told.target.name,
  'x-pandect-attempts': String(told.attempts),
  ...(told.dropped && told.dropped.length > 0 && { 'x-pandect-dropped': droppedNames(told.dropped) }),
  ...(told.cost !== undefined && { 'x-pandect-cost': told.cost }),
});

/** More would be larger than many clients take. */
const MOST_DROPPED_CHARACTERS = 1_000;

/** Each name once. Callers chose some of them, as no header may hold them; the last that fit are followed by `...`. */
function droppedNames(names: readonly string[]): string {
  const encoded = (name: string) => name.toWellFormed().replaceAll(/[^!-~]|,/gu, encodeURIComponent);
  const all = [...new Set(names)].map(encoded).join(', ');
  if (all.length <= MOST_DROPPED_CHARACTERS) return all;
  return `${all.slice(0, all.lastIndexOf(', ', MOST_DROPPED_CHARACTERS))}, ...`;
}
