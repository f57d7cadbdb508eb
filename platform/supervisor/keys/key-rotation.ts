import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../../kernel/environment.ts';
import type { Log } from '../../kernel/log.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { ACCESS_TOKEN_EXPIRE_MINUTES } from '../../kernel/variables.ts';
import type { Report } from '../control/contract.ts';
import type { Places } from '../home/whole-home.ts';
import type { Hosts } from '../hosts/open-hosts.ts';
import type { LiveSettings } from '../settings.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { isOutdated } from '../units/operations/renew.ts';
import { restart } from '../units/operations/restart.ts';
import { byRole } from '../units/state.ts';
import type { Units } from '../units/units.ts';
import type { Logins } from './logins.ts';
import { rotateSigningKey } from './rotate-signing-key.ts';

export interface KeyRotation {
  /** Rotates `jwt`, `database`, `redis` or `all` while people work. @throws what interrupted it; the next call completes it */
  rotate(what: string, report: Report): Promise<boolean>;
  stop(): void;
}

interface KeyRotationDeps {
  places: Places;
  /** Without those of a server that the operator gave. */
  logins: { database: Logins; redis: Logins | undefined };
  units: Pick<Units, 'all' | 'change'>;
  live: LiveSettings;
  log: Log;
  hosts: Pick<Hosts, 'assertAlone'>;
}

const servers = ['database', 'redis'] as const;
const all = ['jwt', ...servers] as const;

/** Also completes a rotation that was under way when an earlier supervisor ended. */
export function createKeyRotation({ places, logins, units, live, log, hosts }: KeyRotationDeps): KeyRotation {
  const stopping = new AbortController();
  let underWay = false;

  /** Adds new logins, moves all units to them and has the earlier ones refused. */
  const rotateLogins = async (names: readonly (typeof servers)[number][], report: Report) => {
    const rotated = names.flatMap((name) => (logins[name] ? [{ unit: name, login: logins[name] }] : []));
    for (const { unit, login } of rotated) {
      const message = login.rotating ? 'takes the new logins of a rotation that was interrupted' : 'made new logins';
      await login.begin();
      report({ unit, step: 'start', message: `${message}; the earlier ones stay valid until no process uses them` });
    }
    if (rotated.length === 0) return;
    await replaceProcesses(units, stopping.signal, report);
    for (const { unit, login } of rotated) {
      await login.end();
      report({ unit, step: 'done', message: 'the earlier logins are refused' });
    }
  };
  const exclusive = async (work: () => Promise<void>) => {
    if (underWay)
      throw new Error('Rotate keys: another rotation is under way; it ends when no process uses the earlier logins');
    underWay = true;
    await work().finally(() => {
      underWay = false;
    });
  };

  const cutOff = servers.filter((name) => logins[name]?.rotating);
  if (cutOff.length > 0) {
    const report: Report = ({ unit, step, message }) => log.info({ unit, step }, `Rotate keys: ${message ?? step}`);
    exclusive(() => rotateLogins(cutOff, report)).catch((error: unknown) => {
      if (!stopping.signal.aborted) log.error({ error }, 'Rotate keys: not completed; pandect keys rotate tries again');
    });
  }

  return {
    async rotate(what, report) {
      const wanted = what === 'all' ? all : all.filter((name) => name === what);
      if (wanted.length === 0) {
        throw new Error(`Rotate keys "${what}": known are ${all.join(', ')}, all${didYouMean(what, [...all, 'all'])}`);
      }
      if (what === 'redis' && !logins.redis) throw new Error(`Rotate keys "redis": ${redisIsGiven}`);
      await hosts.assertAlone();
      await exclusive(async () => {
        if (wanted.includes('jwt')) await rotateJwt(report);
        await rotateLogins(
          servers.filter((name) => wanted.includes(name)),
          report,
        );
        if (wanted.includes('redis') && !logins.redis) {
          report({ unit: 'redis', step: 'unchanged', message: redisIsGiven });
        }
        if (wanted.includes('database') && !places.isEmbedded) {
          report({ unit: 'database', step: 'unchanged', message: ownerIsGiven });
        }
      });
      return true;
    },
    stop: () => stopping.abort(new Error('Rotate keys: the platform is stopping; its next start completes it')),
  };

  async function rotateJwt(report: Report): Promise<void> {
    const { ACCESS_TOKEN_EXPIRE_MINUTES: minutes } = readEnvironment([ACCESS_TOKEN_EXPIRE_MINUTES], live.source);
    const { dropAt } = await rotateSigningKey(places, minutes, (message) =>
      report({ unit: 'jwt', step: 'switch', message }),
    );
    report({ unit: 'jwt', step: 'done', message: `earlier public keys are dropped at ${dropAt}` });
  }
}

const redisIsGiven = 'its server is yours: change the password there and in REDIS_URL, then restart the platform';
const ownerIsGiven =
  "the owner's login in DATABASE_URL is yours: change its password there and in DATABASE_URL, then restart the platform";

const LOOK_MS = 500;
/** The command line takes a longer silence for the end of the platform. */
const TELL_AGAIN_MS = 60_000;

/**
 * Replaces every process that was started with something else than what is given now, one unit after the other.
 * @returns when the last of them has finished what it had
 */
async function replaceProcesses(units: KeyRotationDeps['units'], signal: AbortSignal, report: Report): Promise<void> {
  const isEarlier = ({ state }: ManagedUnit) =>
    byRole(state).some(({ processes }) => processes.outdated(processes.instances).length > 0);
  let told = '';
  let toldAt = 0;
  for (;;) {
    // Before the first look as well: what is being spawned in this moment is on no list yet.
    await sleep(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    const replaceable = units.all.filter(({ lock, state }) => !lock.isHeld && isOutdated(state));
    const names = replaceable.map(({ name }) => name);
    if (!(await units.change(names, report, (change) => restart(change, {})))) {
      throw new Error(
        'Rotate keys: not every unit was restarted; the earlier logins stay valid until pandect keys rotate succeeds',
      );
    }
    const earlier = units.all
      .filter(isEarlier)
      .map(({ name }) => name)
      .join(', ');
    if (earlier === '') return;
    if (earlier === told && performance.now() - toldAt < TELL_AGAIN_MS) continue;
    [told, toldAt] = [earlier, performance.now()];
    report({ unit: 'keys', step: 'drain', message: `waits for processes that finish their work: ${earlier}` });
  }
}
