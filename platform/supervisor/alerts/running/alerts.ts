import type { Log } from '../../../kernel/log.ts';
import type { LiveSettings } from '../../settings.ts';
import type { AlertState, ChannelState, ToldAlert } from '../state/alert-file.ts';
import type { Silence } from '../state/silence.ts';
import type { ActiveAlert } from '../state/step-alerts.ts';
import type { Clock } from './clock.ts';

export interface AlertsOptions {
  /** The text of `/metrics`. */
  figures(): Promise<string>;
  home: { root: string };
  live: Pick<LiveSettings, 'source'>;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  host?: string;
  clock?: Clock;
}

/** What `pandect alerts list` shows. */
export interface AlertListing {
  alerts: (ToldAlert & { state: ActiveAlert['state']; isSilenced: boolean })[];
  past: AlertState['past'];
  silences: Silence[];
  channels: (ChannelState & { name: string; waiting: number })[];
  quietHours: string | null;
  /** Of the operator's rule file. */
  mistakes: readonly string[];
  /** When the rules were last evaluated, and whether the figures could be read then. */
  evaluatedAt: string | null;
  isReadable: boolean;
}

export interface Alerts {
  /** Evaluates the rules once, and begins to send what is due. */
  tick(): Promise<void>;
  list(): AlertListing;
  /** Sends a test message by each channel, and says why one failed. */
  test(): Promise<{ channel: string; failure: string | null }[]>;
  /** @throws when there is no such rule */
  silence(silence: { rule: string; unit?: string | undefined; seconds: number }): Promise<Silence>;
  /** @returns whether there was one */
  endSilence(silence: Pick<Silence, 'rule' | 'unit'>): Promise<boolean>;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}
