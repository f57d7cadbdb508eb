import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { testOrganization, tokenFor } from '../../modules/testing/organization.ts';
import { defineFunction, defineWorker } from '../../platform/kernel/manifest.ts';
import { type ConsolePlatform, createConsole } from '../../platform/supervisor/console/create-console.ts';
import type { ChangeEvent, Report } from '../../platform/supervisor/control/contract.ts';
import { serveSocket } from '../../platform/supervisor/control/serve-socket.ts';
import { emptyState } from '../../platform/supervisor/units/state.ts';
import { UnitLock } from '../../platform/supervisor/units/unit-lock.ts';
import { UnknownUnit } from '../../platform/supervisor/units/units.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

export type Call = Parameters<TestApp['json']>[0];
export const problem = (name: string) => `urn:pandect:problem:${name}`;

/** A platform that runs nothing: what its units would do is decided by the test. */
export function idlePlatform(root: string) {
  const managed = (name: string, kind: 'function' | 'worker') => ({
    ...{ name, lock: new UnitLock(), state: emptyState({ history: [] }), traffic: undefined, activation: undefined },
    unit: {
      ...{ kind, name, folder: name },
      manifest:
        kind === 'function'
          ? defineFunction({ mount: [`/api/${name}`], instances: { min: 1, max: 4 } })
          : defineWorker({ queues: name === 'ingest' ? {} : { letters: {} } }),
    },
  });
  const all = [managed('ask', 'function'), managed('ingest', 'worker'), managed('notify', 'worker')];
  /** Changes that a test ends itself, by unit. */
  const under = new Map<string, { report: Report; end: (ok: boolean) => void }>();
  const deploys: { names: readonly string[]; by: string | undefined }[] = [];
  const source: Record<string, string> = {};
  const backups = idleBackups();
  const find = (name: string) => {
    if (name === 'operator') return { name } as (typeof all)[number];
    const unit = all.find((each) => each.name === name);
    if (unit) return unit;
    throw new UnknownUnit(`Find function or worker "${name}"`);
  };
  const units = {
    all,
    find,
    ofQueue: find,
    reread: async (name: string) => find(name).unit,
    deploy: (names: string[], { by }: { by?: string }, report: Report) => {
      deploys.push({ names, by });
      const { promise, resolve } = Promise.withResolvers<boolean>();
      report({ unit: names[0] as string, step: 'build' });
      under.set(names[0] as string, { report, end: resolve });
      return promise;
    },
    change: async (names: string[], report: Report, operation: (change: object) => Promise<void>) => {
      const unit = find(names[0] as string);
      const each = (event: Omit<ChangeEvent, 'unit'>) => report({ unit: unit.name, ...event });
      await operation({
        managed: { ...unit, tools: { journal: { save: async () => {} } } },
        report: each,
        since: () => 0,
      });
      return true;
    },
  };
  const platform = {
    ...{ url: 'http://localhost:1', services: {}, noteRelease() {} },
    home: { root, run: root, logs: join(root, 'logs'), releases: join(root, 'releases') },
    units,
    sites: { all: [], find: () => undefined },
    queues: {
      read: async () =>
        new Map([['ingest', { waiting: 2, held: 0, deferred: 1, active: 1, dead: 3, oldestSeconds: 4.2 }]]),
    },
    kills: { list: () => [] },
    settings: { source, reread: async () => [] },
    alerts: idleAlerts(),
    backups,
    errors: { groups: async () => [] },
  } as unknown as ConsolePlatform;
  return { platform, under, deploys, source, endBackup: backups.end };
}

/** A target that has one backup, and takes another. */
function idleBackups() {
  let isBusy = false;
  const ended = Promise.withResolvers<void>();
  const backup = { id: '20260131T030000-1f2e3d', at: '2026-01-31T03:00:00.000Z', isComplete: true, snapshots: ['x'] };
  return {
    isBusy: () => isBusy,
    async create(onLine: (line: string) => void) {
      isBusy = true;
      onLine('Copying the database');
      await ended.promise;
      isBusy = false;
    },
    end: () => ended.resolve(),
    list: async () => ({ backups: [backup], ranges: [] }),
  };
}

/** Alerts of which one fires. */
function idleAlerts() {
  const silences: { rule: string; unit?: string; until: string }[] = [];
  const alert = {
    ...{ rule: 'UnitDown', severity: 'critical', state: 'firing', labels: { unit: 'ask' }, isSilenced: false },
    ...{ sentence: '"ask" has no process', value: 0, since: '2026-01-31T09:00:00.000Z', command: 'pandect logs ask' },
  };
  const listing = { past: [], channels: [], quietHours: null, mistakes: [], evaluatedAt: null, isReadable: true };
  return {
    list: () => ({ ...listing, alerts: [alert], silences }),
    async silence({ rule, unit, seconds }: { rule: string; unit?: string; seconds: number }) {
      if (rule !== 'UnitDown') throw new Error(`Silence "${rule}": no such alert`);
      const silence = { rule, ...(unit && { unit }), until: new Date(Date.now() + seconds * 1000).toISOString() };
      silences.push(silence);
      return silence;
    },
    endSilence: async () => silences.pop() !== undefined,
  };
}

/** The console with its own socket to the supervisor's part, an administrator, and somebody who is not one. */
export async function consoleScene() {
  const database = await testDatabase();
  const root = await mkdtemp(join(tmpdir(), 'console-'));
  const idle = idlePlatform(root);
  Object.assign(idle.platform, { queueUrl: () => database.url('tenant-worker') });
  const socket = join(root, 'console.sock');
  const supervise = async () => {
    const { app, close } = createConsole(idle.platform);
    const server = await serveSocket(app, socket);
    return () => {
      close();
      server.close();
      server.closeAllConnections();
    };
  };
  let end = await supervise();
  const serve = () =>
    testApp(database, { name: 'console', manifest, module }, { environment: { CONSOLE_SOCKET: socket } });
  let app = await serve();
  afterAll(async () => {
    await app.close();
    end();
    await database.close();
    await rm(root, { recursive: true });
  });
  const { owner: admin, ...own } = await testOrganization(database, { name: 'Operators' });
  await database.owner`update users set administrator = true where id = ${admin.userId}`;
  /** A token of the administrator that is so many seconds old. */
  const signedIn = async (secondsAgo = 0) => ({
    token: await tokenFor({ ...admin, signedInAt: Math.floor(Date.now() / 1000) - secondsAgo }),
  });
  const fresh = await signedIn();
  const ask = (call: Call, json?: unknown, { as = fresh, key = crypto.randomUUID() as string } = {}) =>
    app.json(call, { as, json, headers: { 'idempotency-key': key } });
  const follow = (path: string, { as = fresh, from = '', signal = AbortSignal.timeout(30_000) } = {}) =>
    app
      .request(`GET ${path}` as Call, { as, signal, headers: from ? { 'last-event-id': from } : {} })
      .then((answer) => eventsOf(answer));
  const acts = async () =>
    (
      await database.owner<{ action: string; target: string; details: Record<string, unknown> }[]>`
        select action, target, details from audit_log where organization_id = ${own.id} order by created_at, id`
    ).map((row) => ({ ...row }));
  return {
    ...{ database, admin, ask, follow, acts, signedIn, ...idle, root, own },
    request: (...asked: Parameters<TestApp['json']>) => app.json(...asked),
    /** The answer with its headers. */
    respond: (call: Call, options: Parameters<TestApp['request']>[1] = {}) =>
      app.request(call, { ...options, as: options.as ?? fresh }),
    /** The console's process ends, and another one begins. */
    async replace() {
      const earlier = app;
      app = await serve();
      await earlier.close();
    },
    /** The supervisor ends, and another one begins. */
    async restart() {
      end();
      end = await supervise();
    },
    stop: () => end(),
  };
}

export interface Told {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an event holds is what the test finds out
  data: any;
  id?: string;
}

/** Events as they come; comments are left out. */
export async function* eventsOf(answer: Response): AsyncGenerator<Told> {
  if (answer.status !== 200) throw new Error(`Follow: ${answer.status} ${await answer.text()}`);
  let rest = '';
  for await (const part of (answer.body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream())) {
    const events = (rest + part).split('\n\n');
    rest = events.pop() ?? '';
    for (const text of events) {
      const fields = Object.fromEntries(
        text.split('\n').flatMap((line) => {
          const at = line.indexOf(': ');
          return at > 0 ? [[line.slice(0, at), line.slice(at + 2)]] : [];
        }),
      );
      if (fields.event)
        yield { event: fields.event, data: JSON.parse(fields.data ?? 'null'), ...(fields.id && { id: fields.id }) };
    }
  }
}
