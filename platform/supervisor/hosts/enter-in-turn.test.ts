import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import { connect } from '../../../db/connect.ts';
import { loginNames, loginRole } from '../../../db/logins.ts';
import { defineSecretKey } from '../../kernel/environment.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { asAdministrator, withDatabase } from '../../testing/database.ts';
import { placesOf } from '../home/whole-home.ts';
import { enterInTurn } from './enter-in-turn.ts';
import { exportKeys, joinPlatform } from './shared-keys.ts';

const { templateUrl } = inject('services');
const name = `test_${crypto.randomUUID().slice(0, 8)}_empty`;
const url = withDatabase(templateUrl, name);
await asAdministrator(templateUrl, (sql) => sql`create database ${sql(name)}`);
const homes: TemporaryHome[] = [];
afterAll(async () => {
  for (const home of homes) await home.remove();
  await asAdministrator(templateUrl, async (sql) => {
    await sql`drop database ${sql(name)} with (force)`;
    await sql`drop role if exists ${sql(loginNames.map((login) => loginRole(name, login)))}`;
  });
});

async function newHome(): Promise<TemporaryHome> {
  const home = await temporaryHome();
  homes.push(home);
  return home;
}

/** Enters as a process of its own. */
const enter = ({ path }: TemporaryHome) =>
  new Promise<{ digest: string | undefined; said: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'enter-host.fixture.ts'), path, url],
      (error, stdout, stderr) => resolve({ digest: error ? undefined : stdout.trim(), said: stderr }),
    );
  });

const keysOf = ({ home }: TemporaryHome) => {
  const source = { DATABASE_URL: url };
  return {
    ...{ places: placesOf(home, source), source },
    variables: [defineSecretKey('SHARED_KEY_PATH', 'shared-key', 'A key')],
  };
};

describe('two empty hosts that start at the same moment on an empty database', () => {
  it('make one set of keys: one serves, and the other is told to join before it has made any', async () => {
    const places = [await newHome(), await newHome()] as const;
    const results = await Promise.all(places.map(enter));
    const winners = results.flatMap(({ digest }, at) =>
      digest ? [{ digest, place: places[at] as TemporaryHome }] : [],
    );
    expect(winners, results.map(({ said }) => said).join('\n')).toHaveLength(1);
    const [{ digest, place }] = winners as [(typeof winners)[0]];
    const [lost, loser] = results[0]?.digest ? [results[1], places[1]] : [results[0], places[0]];
    expect(lost?.said).toContain('Waiting for another host, which is starting');
    expect(lost?.said).toContain('this home has no keys of it: run "pandect hosts export FILE" there');
    for (const file of ['jwt-private.pem', 'shared-key', 'database-logins.json'])
      expect(existsSync(join(loser.home.keys, file)), file).toBe(false);

    await joinPlatform(keysOf(loser), await exportKeys(keysOf(place)));
    expect(await enter(loser)).toMatchObject({ digest });
    const sql = connect(url);
    const known =
      await sql`select (select count(*)::int from homes) as homes, count(distinct keys)::int as keys, count(*)::int as hosts from hosts`;
    await sql.end();
    expect([...known]).toEqual([{ homes: 1, keys: 1, hosts: 2 }]);
  }, 120_000);
});

describe('enterInTurn', () => {
  const ended = new AbortController();
  const turn = { onWait: () => {}, signal: ended.signal };
  const others: (() => void)[] = [];
  afterEach(() => {
    for (const end of others.splice(0)) end();
  });
  /** Another host that is entering; resolves when it has its turn. */
  const another = () =>
    new Promise<{ leave(): void; done: Promise<unknown> }>((resolve) => {
      const done = enterInTurn(
        url,
        turn,
        () =>
          new Promise<void>((leave) => {
            others.push(leave);
            queueMicrotask(() => resolve({ leave, done }));
          }),
      );
      done.catch(() => {});
    });

  it('lets the next one in when the one before has entered', async () => {
    const { leave, done } = await another();
    const said: string[] = [];
    const steps: string[] = [];
    const entering = enterInTurn(url, { ...turn, onWait: (line) => void said.push(line) }, async () => {
      steps.push('second');
      return 'entered';
    });
    await expect.poll(() => said).toHaveLength(1);
    steps.push('first');
    leave();
    await done;
    expect(await entering).toBe('entered');
    expect(steps).toEqual(['first', 'second']);
  });

  it('gives the wait up when it is interrupted', async () => {
    await another();
    const interrupted = new AbortController();
    const entering = enterInTurn(
      url,
      { onWait: () => interrupted.abort(new Error('interrupted')), signal: interrupted.signal },
      async () => 'entered',
    );
    await expect(entering).rejects.toThrow('interrupted');
  });

  it('fails when the lock was lost while it entered', async () => {
    const entering = enterInTurn(url, turn, () =>
      asAdministrator(
        url,
        (sql) =>
          sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and application_name = 'pandect entry'`,
      ),
    );
    await expect(entering).rejects.toThrow();
  });
});
