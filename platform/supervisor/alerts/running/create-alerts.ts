import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../kernel/log.ts';
import { didYouMean } from '../../../kernel/nearest.ts';
import { replaceFile } from '../../../kernel/replace-file.ts';
import type { LiveSettings } from '../../settings.ts';
import { alertRules } from '../rules/alert-rules.ts';
import type { AlertRule } from '../rules/rule.ts';
import { openRuleFile } from '../rules/rule-file.ts';
import { ChannelFailure } from '../sending/channel.ts';
import { type Channels, openChannels } from '../sending/open-channels.ts';
import { createOutbox, type Outbox } from '../sending/outbox.ts';
import {
  type AlertMessage,
  type AlertState,
  type ChannelState,
  readAlertHistory,
  readAlertState,
  type ToldAlert,
} from '../state/alert-file.ts';
import { type Plan, planMessage } from '../state/plan-message.ts';
import { isQuiet } from '../state/quiet-hours.ts';
import { isSameSilence, isSilenced, type Silence, silencesNow } from '../state/silence.ts';
import { type ActiveAlert, alertKey, type Findings, stepAlerts } from '../state/step-alerts.ts';
import { channelRule, findChannels } from './channel-rule.ts';
import { type Clock, systemClock } from './clock.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { tellAlert } from './tell-alert.ts';

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

/** Something that a message may tell: a firing alert, or one that is over. */
interface News {
  key: string;
  told: ToldAlert;
  severity: ToldAlert['severity'];
  isSilenced: boolean;
  /** Seconds of the steady clock. */
  at: number;
  toldAt?: number | undefined;
}

const BEAT_EVERY_MS = 60_000;
const HISTORY_EVERY_MS = 3_600_000;
const MOST_PAST = 50;
const BELIEVED_SECONDS = { pending: 60, firing: 900 };
/** The channel of ALERT_HEARTBEAT_URL among the others. */
const HEARTBEAT = 'heartbeat';

const table = alertRules.filter(({ isForPrometheus }) => !isForPrometheus);

/** Continues with what an earlier supervisor left in the home. */
export async function createAlerts(options: AlertsOptions): Promise<Alerts> {
  const { figures, home, log, clock = systemClock() } = options;
  const state = await readAlertState(join(home.root, 'alerts.json'), log);
  const before = await readAlertHistory(join(home.root, 'alerts-history.json'));
  const evaluator = createEvaluator({ figures, table, before, clock, log });
  return new RunningAlerts(options, { state, evaluator, clock });
}

class RunningAlerts implements Alerts {
  readonly #options: AlertsOptions;
  readonly #clock: Clock;
  readonly #evaluator: Evaluator;
  readonly #outbox: Outbox;
  readonly #rules;
  #channels: Channels | undefined;
  #source: unknown;
  #active: ActiveAlert[];
  /** Until when those of an earlier supervisor are believed: its values are gone, and rates need some. */
  readonly #believed: Map<string, number>;
  readonly #toldAt: Map<string, number>;
  #ended: News[];
  #past: AlertState['past'];
  #silences: Silence[];
  #messageAt: number | undefined;
  #evaluatedAt: string | undefined;
  #isReadable = true;
  #beatAt = Number.NEGATIVE_INFINITY;
  #historyAt: number;
  #beat: ChannelState = {};
  #beating: Promise<void> = Promise.resolve();
  #onDisk = '';
  #isDiskFailing = false;
  #saving: Promise<void> = Promise.resolve();
  readonly #ending = new AbortController();

  constructor(
    options: AlertsOptions,
    { state, evaluator, clock }: { state: AlertState; evaluator: Evaluator; clock: Clock },
  ) {
    const { log } = options;
    this.#options = options;
    this.#clock = clock;
    this.#evaluator = evaluator;
    const now = clock.steady();
    this.#historyAt = now;
    const notLater = (ms: number) => Math.min(ms, now) / 1000;
    this.#active = state.active.map(({ rule, labels, state, value, since }) => ({
      ...{ rule, labels, state, value: value ?? Number.NaN },
      since: notLater(since),
    }));
    const until = (alert: ActiveAlert) => now / 1000 + BELIEVED_SECONDS[alert.state];
    this.#believed = new Map(this.#active.map((alert) => [alertKey(alert), until(alert)]));
    this.#toldAt = new Map(
      state.active.flatMap((alert) => (alert.toldAt === undefined ? [] : [[alertKey(alert), notLater(alert.toldAt)]])),
    );
    this.#ended = state.ended.map((told) => this.#newsOfPast(told, now / 1000));
    this.#past = state.past;
    this.#silences = state.silences;
    this.#messageAt = state.messageAt === undefined ? undefined : notLater(state.messageAt);
    this.#rules = openRuleFile(table, (mistakes) => {
      log.warn({ mistakes }, 'Alerts: the rule file has mistakes; the rules stay as they were');
    });
    this.#outbox = createOutbox({
      ...{ waiting: state.waiting, states: state.channels, log },
      now: () => clock.steady(),
      wall: () => new Date(clock.wall()),
    });
  }

  async tick(): Promise<void> {
    const { source } = this.#options.live;
    const channels = await this.#openChannels();
    await this.#rules.look(source.ALERT_RULES_PATH || undefined);
    const { findings, at, isReadable } = await this.#evaluator.evaluate(this.#rules.rules);
    const found = new Map([...findings, [channelRule, findChannels(this.#outbox.states)] as const]);
    const known = new Set([...this.#rules.rules, channelRule].map(({ name }) => name));
    const before = this.#active.filter(({ rule }) => known.has(rule));
    const step = stepAlerts(before, this.#withRestored(found, at), at);
    // What is believed and was not found since cannot begin to fire.
    this.#active = step.active.map(
      (alert): ActiveAlert =>
        step.began.includes(alert) && this.#isBelieved(alert, at) ? { ...alert, state: 'pending' } : alert,
    );
    for (const alert of step.ended) this.#end(alert, at);
    this.#isReadable = isReadable;
    this.#evaluatedAt = this.#now().toISOString();
    this.#silences = silencesNow(this.#silences, this.#now());
    this.#plan(channels, at);
    this.#outbox.work(channels.all);
    this.#beatIfDue(channels);
    await this.#save();
    await this.#saveHistoryIfDue();
  }

  list(): AlertListing {
    const { states, waiting } = this.#outbox;
    const configured = this.#channels?.all.map(({ name }) => name) ?? [];
    const names = [...configured, ...(this.#channels?.beat ? [HEARTBEAT] : [])];
    return {
      alerts: this.#active.map((alert) => ({
        ...this.#tell(alert),
        ...{ state: alert.state, isSilenced: isSilenced(alert, this.#silences) },
      })),
      past: this.#past,
      silences: silencesNow(this.#silences, this.#now()),
      channels: names.map((name) => ({
        ...{ name, ...(name === HEARTBEAT ? this.#beat : states[name]) },
        waiting: waiting.filter(({ channel }) => channel === name).length,
      })),
      quietHours: this.#channels?.quietHours ?? null,
      mistakes: this.#rules.mistakes,
      evaluatedAt: this.#evaluatedAt ?? null,
      isReadable: this.#isReadable,
    };
  }

  async test() {
    const channels = await this.#openChannels();
    const message = { ...this.#message(channels, { began: [], continues: [], ended: [] }), isTest: true };
    const sent = channels.all.map(async (channel) => ({
      channel: channel.name as string,
      failure: (await this.#outbox.sendNow(message, channel)) ?? null,
    }));
    const { beat } = channels;
    if (beat)
      sent.push(
        this.#sendBeat(beat).then(() => ({ channel: HEARTBEAT, failure: this.#beat.failure?.message ?? null })),
      );
    const outcomes = await Promise.all(sent);
    await this.#save();
    return outcomes;
  }

  async silence({
    rule,
    unit,
    seconds,
  }: {
    rule: string;
    unit?: string | undefined;
    seconds: number;
  }): Promise<Silence> {
    const names = [...table, channelRule].map(({ name }) => name);
    if (!names.includes(rule)) throw new Error(`Silence "${rule}": no such alert${didYouMean(rule, names)}`);
    const until = new Date(this.#clock.wall() + seconds * 1000).toISOString();
    const silence = { rule, ...(unit !== undefined && { unit }), until };
    this.#silences = [...this.#silences.filter((other) => !isSameSilence(other, silence)), silence];
    await this.#save();
    return silence;
  }

  async endSilence(silence: Pick<Silence, 'rule' | 'unit'>): Promise<boolean> {
    const rest = this.#silences.filter((other) => !isSameSilence(other, silence));
    const isFound = rest.length < this.#silences.length;
    this.#silences = rest;
    await this.#save();
    return isFound;
  }

  async idle(): Promise<void> {
    await Promise.all([this.#outbox.idle(), this.#beating]);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all([this.#outbox.stop(), this.#beating]);
    await this.#save();
    await this.#saveHistory();
    await this.#channels?.close();
  }

  #withRestored(findings: Findings, at: number): Findings {
    if (this.#believed.size === 0) return findings;
    return new Map(
      [...findings].map(([rule, found]) => {
        const keys = new Set(found.map(({ labels }) => alertKey({ rule: rule.name, labels })));
        for (const key of keys) this.#believed.delete(key);
        const restored = this.#active.filter(
          (alert) => alert.rule === rule.name && !keys.has(alertKey(alert)) && this.#isBelieved(alert, at),
        );
        return [rule, [...found, ...restored]];
      }),
    );
  }

  #isBelieved(alert: ActiveAlert, at: number): boolean {
    return at < (this.#believed.get(alertKey(alert)) ?? 0);
  }

  #now(): Date {
    return new Date(this.#clock.wall());
  }

  /** Those of the settings as they are now. */
  async #openChannels(): Promise<Channels> {
    const { source } = this.#options.live;
    if (this.#channels && this.#source === source) return this.#channels;
    const former = this.#channels;
    this.#channels = openChannels(source);
    this.#source = source;
    // One that is still sending ends that first.
    if (former) void this.#outbox.idle().then(() => former.close());
    return this.#channels;
  }

  #ruleOf(name: string): AlertRule | undefined {
    return (
      [...this.#rules.rules, channelRule].find((rule) => rule.name === name) ?? table.find((rule) => rule.name === name)
    );
  }

  #tell(alert: ActiveAlert): ToldAlert {
    const since = new Date(this.#clock.wall() - (this.#clock.steady() - alert.since * 1000)).toISOString();
    return tellAlert(alert, this.#ruleOf(alert.rule), since);
  }

  #end(alert: ActiveAlert, at: number): void {
    const told = this.#tell(alert);
    this.#past = [{ ...told, endedAt: this.#now().toISOString() }, ...this.#past].slice(0, MOST_PAST);
    const key = alertKey(alert);
    // One that was never told ends without a word.
    if (this.#toldAt.delete(key)) this.#ended.push(this.#newsOfPast(told, at));
  }

  #newsOfPast(told: ToldAlert, at: number): News {
    return { key: alertKey(told), told, severity: told.severity, isSilenced: false, at };
  }

  #plan(channels: Channels, at: number): void {
    // What was told to no one is news for the first channel.
    if (channels.all.length === 0) return;
    const firing = this.#active.flatMap((alert): News[] => {
      if (alert.state !== 'firing') return [];
      const told = this.#tell(alert);
      const key = alertKey(alert);
      const { forSeconds = 0 } = this.#ruleOf(alert.rule) ?? {};
      const news = { key, told, severity: told.severity, at: alert.since + forSeconds, toldAt: this.#toldAt.get(key) };
      return [{ ...news, isSilenced: isSilenced(alert, this.#silences) }];
    });
    // One that fires again was not over.
    const over = this.#ended
      .filter(({ key }) => !firing.some((news) => news.key === key))
      .filter(({ told }) => !isSilenced(told, this.#silences));
    const moment = { now: at, isQuiet: isQuiet(channels.quietHours, this.#now()), messageAt: this.#messageAt };
    const plan = planMessage(firing, over, moment);
    if (!plan) return;
    for (const { key } of [...plan.began, ...plan.continues]) this.#toldAt.set(key, at);
    const again = new Set(plan.began.map(({ key }) => key));
    this.#ended = this.#ended.filter((news) => !plan.ended.includes(news) && !again.has(news.key));
    this.#messageAt = at;
    this.#outbox.add(this.#message(channels, plan), channels.all);
  }

  #message(channels: Channels, { began, continues, ended }: Plan<News, News>): AlertMessage {
    const tell = (news: readonly News[]) => news.map(({ told }) => told);
    return {
      ...{
        id: randomUUID(),
        at: this.#now().toISOString(),
        host: this.#options.host ?? hostname(),
        project: channels.project,
      },
      ...{ began: tell(began), continues: tell(continues), ended: tell(ended), isTest: false },
    };
  }

  /** Not while the figures cannot be read: then the silence speaks. */
  #beatIfDue({ beat }: Channels): void {
    if (!beat) this.#beat = {};
    if (!beat || !this.#isReadable || this.#clock.steady() - this.#beatAt < BEAT_EVERY_MS) return;
    this.#beatAt = this.#clock.steady();
    this.#beating = this.#sendBeat(beat);
  }

  async #sendBeat(beat: NonNullable<Channels['beat']>): Promise<void> {
    try {
      await beat(this.#ending.signal);
      this.#beat = { sentAt: this.#now().toISOString() };
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      const message =
        error instanceof ChannelFailure ? error.message : `Ask ALERT_HEARTBEAT_URL: ${(error as Error).name}`;
      const { at = this.#now().toISOString(), attempts = 0 } = this.#beat.failure ?? {};
      if (attempts === 0) this.#options.log.warn({ reason: message }, 'Alerts: the heartbeat was not taken');
      this.#beat = { ...this.#beat, failure: { at, message, attempts: attempts + 1 } };
    }
  }

  /** On a full disk alerts go on without their file. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      // Values change each time, and the file need not.
      const state = this.#state();
      const mark = JSON.stringify({ ...state, active: state.active.map((alert) => ({ ...alert, value: null })) });
      if (mark === this.#onDisk) return;
      try {
        await replaceFile(join(this.#options.home.root, 'alerts.json'), JSON.stringify(state));
        this.#onDisk = mark;
        this.#isDiskFailing = false;
      } catch (error) {
        if (!this.#isDiskFailing) this.#options.log.warn({ error }, 'Alerts: their state is not written');
        this.#isDiskFailing = true;
      }
    });
    return this.#saving;
  }

  #state(): AlertState {
    return {
      active: this.#active.map((alert) => {
        const toldAt = this.#toldAt.get(alertKey(alert));
        const { rule, labels, state, since, value } = alert;
        return {
          rule,
          labels,
          state,
          value: Number.isFinite(value) ? value : null,
          since: since * 1000,
          ...(toldAt !== undefined && { toldAt: toldAt * 1000 }),
        };
      }),
      ended: this.#ended.map(({ told }) => told),
      past: this.#past,
      silences: this.#silences,
      waiting: [...this.#outbox.waiting],
      channels: { ...this.#outbox.states },
      ...(this.#messageAt !== undefined && { messageAt: this.#messageAt * 1000 }),
    };
  }

  async #saveHistoryIfDue(): Promise<void> {
    if (this.#clock.steady() - this.#historyAt < HISTORY_EVERY_MS) return;
    this.#historyAt = this.#clock.steady();
    await this.#saveHistory();
  }

  async #saveHistory(): Promise<void> {
    const text = JSON.stringify(this.#evaluator.kept);
    if (text !== '{}') await replaceFile(join(this.#options.home.root, 'alerts-history.json'), text).catch(() => {});
  }
}
