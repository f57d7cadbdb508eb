import { Redis } from 'ioredis';
import { assertCaddyCanListen } from '../../edge/caddy.ts';
import { readCredentials } from '../../services/credentials.ts';
import type { Home } from '../../services/home.ts';
import { redisCredentialsPath, redisOperatorUrl } from '../../services/redis.ts';
import { redisLoginNames } from '../../services/redis-logins.ts';
import {
  askDatabase,
  connectionsNeeded,
  type DatabaseAnswer,
  planConnections,
  shareOfHost,
} from '../../supervisor/database-connections.ts';
import { readUnits } from '../../supervisor/unit.ts';
import { checkout } from '../checkout.ts';
import { ask } from '../control-client.ts';
import { duration } from '../quantities.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

const SECONDS = 5;
/** Share of the connections from which their use is a warning. */
const MUCH_USED = 0.8;

/** Whether the edge could listen, or does. */
export async function checkPort({ settings, home, running }: Facts): Promise<Verdict> {
  const { PANDECT_EDGE, PANDECT_DOMAIN, PANDECT_PORT } = settings;
  if (PANDECT_EDGE === 'external') return ok('not ours: PANDECT_EDGE is external');
  const site = PANDECT_DOMAIN ?? `:${PANDECT_PORT}`;
  const ports = PANDECT_DOMAIN ? 'ports 80 and 443' : `port ${PANDECT_PORT}`;
  if (running) return ok(`${ports}: our own`);
  await assertCaddyCanListen({ run: home?.run ?? '/nowhere', site, port: PANDECT_PORT });
  return ok(`${ports}: free`);
}

/** Whether the edge answers, as clients see it. */
export async function checkEdge({ running, settings }: Facts): Promise<Verdict | undefined> {
  if (!running || settings.PANDECT_EDGE === 'external') return undefined;
  const began = performance.now();
  const response = await fetch(`${running.status.url}/api/openapi.json`, {
    signal: AbortSignal.timeout(SECONDS * 1_000),
  });
  await response.body?.cancel();
  const said = `answered ${response.status} after ${duration(performance.now() - began)}`;
  return response.ok ? ok(said) : fail(said, 'pandect logs caddy');
}

/** Whether the database answers, agrees about the time and accepts all connections that may be opened. */
export async function checkDatabase({ running, settings }: Facts): Promise<Verdict | undefined> {
  const asked = running
    ? ask<DatabaseAnswer>('GET', '/check/database')
    : settings.DATABASE_URL && askDatabase(settings.DATABASE_URL);
  if (!asked) return undefined;
  const { began, ended, now, most, used } = await asked;
  const verdict = judgeDatabase(began, ended, now);
  if (verdict.state !== 'ok') return verdict;
  const units = await readUnits(checkout);
  const share = shareOfHost(settings);
  const planned = settings.PANDECT_HOSTS * planConnections(units, share).sum;
  const shared = judgeUse(verdict, { used, planned, budget: settings.DATABASE_CONNECTIONS });
  return shared.state === 'ok'
    ? judgeRoom(shared, most, settings.PANDECT_HOSTS * connectionsNeeded(units, share))
    : shared;
}

/** @param connections open ones, those that all processes may open, and the most that they shall open */
export function judgeUse(
  verdict: Verdict,
  { used, planned, budget }: { used: number; planned: number; budget: number },
): Verdict {
  const detail = `${verdict.detail}; ${used} of ${budget} connections are in use, and processes may open ${planned} of them`;
  if (used < budget * MUCH_USED) return ok(detail);
  return warn(
    detail,
    'set DATABASE_CONNECTIONS higher and restart the platform, if processes are not just being replaced',
  );
}

/** @param now what the database said between `began` and `ended`; all milliseconds since the epoch */
export function judgeDatabase(began: number, ended: number, now: number): Verdict {
  const said = `answered after ${duration(ended - began)}`;
  const off = Math.max(began - now, now - ended, 0);
  if (off <= 2_000) return ok(said);
  return warn(`${said}; its clock is off by ${duration(off)}`, 'set both clocks: timedatectl set-ntp true');
}

/** @param most connections that the database accepts */
export const judgeRoom = (verdict: Verdict, most: number, needed: number): Verdict =>
  most >= needed
    ? verdict
    : warn(
        `${verdict.detail}; it accepts ${most} connections, and ${needed} may be opened when all processes are replaced under load`,
        `set max_connections to ${needed + 10} or more; the embedded server takes its own at the next start of the platform`,
      );

export async function checkRedis({ running, home, settings }: Facts): Promise<Verdict | undefined> {
  if (!settings.REDIS_URL && !running) return undefined;
  const url = settings.REDIS_URL ?? (home && (await embeddedUrl(home)));
  if (!url) return undefined;
  const options = {
    ...{ lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 },
    ...{ connectTimeout: SECONDS * 1_000, commandTimeout: SECONDS * 1_000 },
  };
  const client = new Redis(url, options);
  client.on('error', () => {}); // the call below is rejected with it
  try {
    const began = performance.now();
    await client.connect();
    await client.ping();
    return ok(`answered after ${duration(performance.now() - began)}`);
  } catch (error) {
    return fail(
      `does not answer: ${(error as Error).message}`,
      'answers are not cached and limits are stricter without it; pandect logs redis',
    );
  } finally {
    client.disconnect();
  }
}

const embeddedUrl = async (home: Home): Promise<string> =>
  redisOperatorUrl(home, await readCredentials(redisCredentialsPath(home), redisLoginNames));
