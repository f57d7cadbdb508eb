import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { closedLoop, type LoopResult, openLoop, type Repeated, send } from '../../tests/support/load/open-loop.ts';
import { askFor, type MockAnswer } from '../peers/mock-upstream.ts';
import { median, quantile } from './figures.ts';
import type { Way } from './gateways.ts';
import { processorMs, residentBytes } from './process-figures.ts';

/** Something that is asked for, and how often. */
export interface Load extends MockAnswer {
  what: string;
  /** Characters of the prompt. */
  length: number;
}

/** How one way did in one round; times in milliseconds. */
export interface RoundFigures {
  p50: number;
  p99: number;
  firstP50: number;
  firstP99: number;
  perSecond: number;
  /** Processor time of a request, of the gateway's processes and of everything behind it. */
  gatewayMs: number;
  everythingMs: number;
  failures: number;
  isOverloaded: boolean;
}

/** Between two loops: what was begun is ended and written down. */
const PAUSE_MS = 300;

export function requestOf(way: Way, load: Load): Repeated {
  const isStream = load.events > 0;
  const body = {
    model: way.model,
    messages: [{ role: 'user', content: askFor(load, load.length) }],
    ...(isStream && { stream: true, stream_options: { include_usage: true } }),
  };
  return {
    origin: way.origin,
    path: '/v1/chat/completions',
    headers: { ...way.headers, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    socketPath: way.socketPath,
    ending: isStream ? '[DONE]' : '}',
  };
}

/** One round at so many requests a second, or as fast as answers come over so many connections. */
export async function measure(
  agent: Agent,
  way: Way,
  load: Load,
  pace: { perSecond: number; seconds: number } | { connections: number; seconds: number },
): Promise<RoundFigures> {
  const [gateway, everything] = [await way.gateway(), await way.everything()];
  const before = [await processorMs(gateway), await processorMs(everything)] as const;
  const request = requestOf(way, load);
  const result = 'perSecond' in pace ? await openLoop(agent, request, pace) : await closedLoop(agent, request, pace);
  const after = [await processorMs(gateway), await processorMs(everything)] as const;
  await sleep(PAUSE_MS);
  return figuresOf(result, after[0] - before[0], after[1] - before[1]);
}

function figuresOf(result: LoopResult, gatewayMs: number, everythingMs: number): RoundFigures {
  const whole = result.answers.map((answer) => answer.whole);
  const first = result.answers.map((answer) => answer.first);
  const calls = result.answers.length + result.failures.length;
  return {
    p50: quantile(whole, 0.5),
    p99: quantile(whole, 0.99),
    firstP50: quantile(first, 0.5),
    firstP99: quantile(first, 0.99),
    perSecond: result.answers.length / result.seconds,
    gatewayMs: gatewayMs / calls,
    everythingMs: everythingMs / calls,
    failures: result.failures.length,
    isOverloaded: result.isOverloaded,
  };
}

type Figure = Exclude<keyof RoundFigures, 'isOverloaded'>;

export const middle = (rounds: readonly RoundFigures[], figure: Figure): number =>
  median(rounds.map((round) => round[figure]));

/** Median of what a way adds to the direct one in the same round. */
export const added = (rounds: readonly RoundFigures[], direct: readonly RoundFigures[], figure: Figure): number =>
  median(rounds.map((round, index) => round[figure] - (direct[index] as RoundFigures)[figure]));

/** What ways did at one load, in the same order of rounds. */
export interface Measured {
  load: Load;
  /** Requests a second; undefined for as fast as answers come. */
  rate: number | undefined;
  rounds: Map<Way, RoundFigures[]>;
}

export const describeLoad = ({ load, rate }: Pick<Measured, 'load' | 'rate'>, connections: number): string =>
  rate === undefined ? `${load.what}, ${connections} at a time` : `${load.what}, ${rate}/s`;

export const isOverloaded = (rounds: readonly RoundFigures[]): boolean => rounds.some((round) => round.isOverloaded);

const lowerIsBetter: [figure: Figure, column: string][] = [
  ['p50', 'p50'],
  ['p99', 'p99'],
  ['firstP50', 'first p50'],
  ['firstP99', 'first p99'],
  ['gatewayMs', 'CPU'],
];

/** Columns in which another way does better. */
export function worseThan(other: Way, way: Way, { rate, rounds }: Measured): string[] {
  const [own, theirs] = [rounds.get(way), rounds.get(other)];
  if (!theirs || isOverloaded(theirs)) return [];
  if (!own || isOverloaded(own)) return ['requests/s'];
  const slower = lowerIsBetter.filter(([figure]) => middle(own, figure) > middle(theirs, figure));
  const isSlower = rate === undefined && middle(own, 'perSecond') < middle(theirs, 'perSecond');
  return [...(isSlower ? ['requests/s'] : []), ...slower.map(([, column]) => column)];
}

const STREAMS = 1_000;
const slow: Load = { what: 'slow', latencyMs: 0, events: 30, gapMs: 500, length: 1_000 };
/** All are open by then, and none has ended. */
const OPEN_MS = 8_000;

/** Bytes of the gateway's processes at rest, and with so many streams of two events a second open. */
export interface StreamMemory {
  rest: number;
  open: number;
  failures: number;
}

export async function memoryOfStreams(agent: Agent, way: Way): Promise<StreamMemory> {
  const pids = await way.gateway();
  const rest = await residentBytes(pids);
  const result: LoopResult = { answers: [], failures: [], isOverloaded: false, seconds: 0 };
  const request = requestOf(way, slow);
  const streams = Array.from({ length: STREAMS }, async (_, index) => {
    await sleep(index * 2);
    await send(agent, request, performance.now(), result);
  });
  await sleep(OPEN_MS);
  const open = await residentBytes(pids);
  await Promise.all(streams);
  return { rest, open, failures: result.failures.length };
}
