import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogKeeping } from './keep-log.ts';
import { type LogRecord, readLogRecord, writeLogRecord } from './log-record.ts';
import { type Receiver, receiveLog } from './receive-log.ts';
import { type LogSource, withLogSource } from './replication-slot.ts';
import { waitingBytes } from './store-chapter.ts';

export interface LogStream {
  /**
   * Sees to it that the log is received, in a new stream where a part of it was lost.
   * @returns `until`: all that was committed by then is received; undefined when it is not known
   */
  receive(): Promise<{ record: LogRecord; until: Date | undefined }>;
  /** The next call of `receive` begins another stream. */
  giveUp(): void;
  /** Ends the receiver; the server keeps what follows. */
  stop(): Promise<void>;
}

const reasons = {
  kept: 'a file of it is missing',
  lost: 'the server could not keep it any longer',
  missing: 'its slot is missing',
};

/**
 * Receives the log of the embedded server.
 * @param folder that pieces wait in as well
 */
export function createLogStream(
  { home, databaseUrl, programs, limits, log, now = () => new Date() }: LogKeeping,
  { folder, received }: { folder: string; received: string },
): LogStream {
  let receiver: Receiver | undefined;
  let isGivenUp = false;

  async function stop(): Promise<void> {
    const ending = receiver;
    receiver = undefined;
    await ending?.stop();
  }

  async function currentRecord(source: LogSource): Promise<LogRecord> {
    await source.bound(limits.server);
    const [{ status }, record] = await Promise.all([source.slot(), readLogRecord(home)]);
    if (status === 'kept' && record && !isGivenUp) return record;
    return begin(source, record, reasons[status]);
  }

  async function begin(source: LogSource, before: LogRecord | undefined, reason: string): Promise<LogRecord> {
    await stop();
    await source.detachReceiver();
    await source.dropSlot();
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const timeline = await source.createSlot();
    const at = now().toISOString();
    const record: LogRecord = {
      keptSince: before?.keptSince ?? at,
      stream: crypto.randomUUID().slice(0, 8),
      timeline,
      chapter: { number: 0, beganAt: at },
      ...(before && { lostAt: at }),
      ...(before?.archivedAt && { archivedAt: before.archivedAt }),
      ...(before?.failure && { failure: before.failure }),
    };
    await writeLogRecord(home, record);
    isGivenUp = false;
    if (before) log.error({ reason, until: before.archivedAt }, 'Database log has a hole; a new backup will follow');
    return record;
  }

  async function ensureReceiver(source: LogSource): Promise<void> {
    if (receiver) return;
    await source.detachReceiver();
    const started = await receiveLog({ programs, url: databaseUrl(), folder: received });
    receiver = started;
    void started.ended.then((reason) => {
      if (receiver !== started) return;
      receiver = undefined;
      log.warn({ reason }, 'Receiver of the database log ended; it is started again');
    });
  }

  /** Undefined when the receiver does not have all that was committed by now. */
  async function receivedUntil(source: LogSource): Promise<Date | undefined> {
    const { at, position } = await source.flushed();
    const end = performance.now() + limits.receiveMs;
    while (receiver && performance.now() < end) {
      if (((await source.received()) ?? -1) >= position) return at;
      await sleep(100);
    }
    return undefined;
  }

  return {
    receive: () =>
      withLogSource(databaseUrl(), async (source) => {
        const record = await currentRecord(source);
        const waiting = await waitingBytes(folder, record);
        // The rest is left to the server, which has a bound of its own.
        await (waiting > limits.waiting ? stop() : ensureReceiver(source));
        return { record, until: await receivedUntil(source) };
      }),
    giveUp() {
      isGivenUp = true;
    },
    stop,
  };
}
