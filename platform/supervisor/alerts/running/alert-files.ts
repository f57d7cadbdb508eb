import { join } from 'node:path';
import { replaceFile } from '../../../kernel/replace-file.ts';
import type { KeptHistory } from '../expressions/history.ts';
import type { AlertState } from '../state/alert-file.ts';
import type { AlertsOptions } from './alerts.ts';
import type { Clock } from './clock.ts';

const HISTORY_EVERY_MS = 3_600_000;

export const statePath = ({ root }: AlertsOptions['home']): string => join(root, 'alerts.json');
export const historyPath = ({ root }: AlertsOptions['home']): string => join(root, 'alerts-history.json');

/** What the next supervisor continues with. On a full disk alerts work without it. */
export interface AlertFiles {
  /** Writes the state when more than values has changed. */
  save(state: () => AlertState): Promise<void>;
  /** Writes the history when an hour has passed. */
  saveHistoryIfDue(): Promise<void>;
  saveHistory(): Promise<void>;
}

export function createAlertFiles(
  { home, log }: Pick<AlertsOptions, 'home' | 'log'>,
  clock: Clock,
  history: () => KeptHistory,
): AlertFiles {
  let onDisk = '';
  let isDiskFailing = false;
  let saving: Promise<void> = Promise.resolve();
  let historyAtMs = clock.steady();

  async function write(state: AlertState): Promise<void> {
    // Values change each time, and the file need not.
    const mark = JSON.stringify({ ...state, active: state.active.map((alert) => ({ ...alert, value: null })) });
    if (mark === onDisk) return;
    try {
      await replaceFile(statePath(home), JSON.stringify(state));
      onDisk = mark;
      isDiskFailing = false;
    } catch (error) {
      if (!isDiskFailing) log.warn({ error }, 'Alerts: their state is not written');
      isDiskFailing = true;
    }
  }
  async function saveHistory(): Promise<void> {
    historyAtMs = clock.steady();
    const text = JSON.stringify(history());
    if (text !== '{}') await replaceFile(historyPath(home), text).catch(() => {});
  }

  return {
    save(state) {
      saving = saving.then(() => write(state()));
      return saving;
    },
    async saveHistoryIfDue() {
      if (clock.steady() - historyAtMs >= HISTORY_EVERY_MS) await saveHistory();
    },
    saveHistory,
  };
}
