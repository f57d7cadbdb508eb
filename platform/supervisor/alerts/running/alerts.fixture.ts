import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alerts } from './alerts.ts';
import { createAlerts } from './create-alerts.ts';

/** A platform's figures in which nothing is wrong. */
export const healthy: Readonly<Record<string, number>> = {
  'pandect_instances{unit="ask"}': 1,
  'pandect_database_connections{state="idle"}': 5,
  pandect_database_server_connections: 5,
  pandect_database_connections_max: 100,
  pandect_host_memory_total_bytes: 1_000,
  pandect_host_memory_available_bytes: 500,
};

export interface AlertDesk {
  alerts: Alerts;
  home: string;
  /** What `/metrics` shows; undefined: it fails. */
  figures: Record<string, number> | undefined;
  source: Record<string, string>;
  warnings: unknown[][];
  /** Passes so much time, with a tick every 15 s and what that sends. */
  pass(seconds: number): Promise<void>;
  /** Sets the calendar, as ntpd would. */
  jump(seconds: number): void;
  wall(): number;
  /** Ends it, and begins again with what is in the home. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Alerts with a clock and figures of the test. */
export async function alertDesk(source: Record<string, string> = {}): Promise<AlertDesk> {
  const home = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  let [wall, steady] = [Date.parse('2026-03-02T12:00:00Z'), Date.parse('2026-03-02T12:00:00Z')];
  const warnings: unknown[][] = [];
  const keep = (...words: unknown[]) => void warnings.push(words);
  const log = { info: () => {}, warn: keep, error: keep };
  const open = () =>
    createAlerts({
      figures: async () => {
        if (!desk.figures) throw new Error('no figures');
        const backup = `pandect_backup_last_success_timestamp_seconds ${wall / 1000 - 3_600}`;
        return [...Object.entries(desk.figures).map(([key, value]) => `${key} ${value}`), backup].join('\n');
      },
      ...{ home: { root: home }, live: desk, log, host: 'server-1' },
      clock: { wall: () => wall, steady: () => steady },
    });
  const desk: AlertDesk = {
    ...{ alerts: undefined as unknown as Alerts, home, figures: { ...healthy }, source, warnings },
    async pass(seconds) {
      for (let passed = 0; passed < seconds; passed += 15) {
        [wall, steady] = [wall + 15_000, steady + 15_000];
        await desk.alerts.tick();
        await desk.alerts.idle();
      }
    },
    jump(seconds) {
      wall += seconds * 1_000;
    },
    wall: () => wall,
    async restart() {
      await desk.alerts.stop();
      desk.alerts = await open();
    },
    async close() {
      await desk.alerts.stop();
      await rm(home, { recursive: true });
    },
  };
  desk.alerts = await open();
  return desk;
}
