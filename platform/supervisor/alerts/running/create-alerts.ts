import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { didYouMean } from '../../../kernel/nearest.ts';
import { alertRules } from '../rules/alert-rules.ts';
import type { AlertRule } from '../rules/rule.ts';
import { openRuleFile } from '../rules/rule-file.ts';
import { type Channels, openChannels } from '../sending/open-channels.ts';
import { createOutbox, type Outbox } from '../sending/outbox.ts';
import {
  type AlertMessage,
  type AlertState,
  readAlertHistory,
  readAlertState,
  type ToldAlert,
} from '../state/alert-file.ts';
import { type Plan, planMessage } from '../state/plan-message.ts';
import { isQuiet } from '../state/quiet-hours.ts';
import { isSameSilence, isSilenced, type Silence, silencesNow } from '../state/silence.ts';
import { type ActiveAlert, alertKey, stepAlerts } from '../state/step-alerts.ts';
import { type AlertFiles, createAlertFiles, historyPath, statePath } from './alert-files.ts';
import type { AlertListing, Alerts, AlertsOptions } from './alerts.ts';
import { channelRule, findChannels } from './channel-rule.ts';
import { type Clock, systemClock } from './clock.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { type InheritedAlerts, inheritAlerts } from './inherited-alerts.ts';
import { type News, newsOf, newsOfPast } from './news.ts';
import { tellAlert } from './tell-alert.ts';

const MOST_PAST = 50;
/** The channel of ALERT_HEARTBEAT_URL among the others. */
const HEARTBEAT = 'heartbeat';

const table = alertRules.filter(({ isForPrometheus }) => !isForPrometheus);

/** Continues with what an earlier supervisor left in the home. */
export async function createAlerts(options: AlertsOptions): Promise<Alerts> {
  const { figures, home, log, clock = systemClock() } = options;
  const state = await readAlertState(statePath(home), log);
  const before = await readAlertHistory(historyPath(home));
  const evaluator = createEvaluator({ figures, table, before, clock, log });
  return new RunningAlerts(options, { state, evaluator, clock });
}

class RunningAlerts implements Alerts {
  readonly #options: AlertsOptions;
  readonly #clock: Clock;
  readonly #evaluator: Evaluator;
  readonly #outbox: Outbox;
  readonly #rules;
  readonly #heartbeat: Heartbeat;
  readonly #files: AlertFiles;
  readonly #inherited: InheritedAlerts;
  #channels: Channels | undefined;
  #source: unknown;
  #active: ActiveAlert[];
  readonly #toldAt: Map<string, number>;
  #ended: News[];
  #past: AlertState['past'];
  #silences: Silence[];
  #messageAt: number | undefined;
  #evaluatedAt: string | undefined;
  #isReadable = true;

  constructor(
    options: AlertsOptions,
    { state, evaluator, clock }: { state: AlertState; evaluator: Evaluator; clock: Clock },
  ) {
    const { log } = options;
    this.#options = options;
    this.#clock = clock;
    this.#evaluator = evaluator;
    const now = clock.steady();
    const notLater = (ms: number) => Math.min(ms, now) / 1000;
    this.#active = state.active.map(({ rule, labels, state, value, since }) => ({
      ...{ rule, labels, state, value: value ?? Number.NaN },
      since: notLater(since),
    }));
    this.#inherited = inheritAlerts(this.#active, now / 1000);
    this.#toldAt = new Map(
      state.active.flatMap((alert) => (alert.toldAt === undefined ? [] : [[alertKey(alert), notLater(alert.toldAt)]])),
    );
    this.#ended = state.ended.map((told) => newsOfPast(told, now / 1000));
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
    this.#heartbeat = createHeartbeat(clock, log);
    this.#files = createAlertFiles(options, clock, () => evaluator.kept);
  }

  async tick(): Promise<void> {
    const { source } = this.#options.live;
    const channels = await this.#openChannels();
    await this.#rules.look(source.ALERT_RULES_PATH || undefined);
    const { findings, at, isReadable } = await this.#evaluator.evaluate(this.#rules.rules);
    const found = new Map([...findings, [channelRule, findChannels(this.#outbox.states)] as const]);
    const known = new Set([...this.#rules.rules, channelRule].map(({ name }) => name));
    const before = this.#active.filter(({ rule }) => known.has(rule));
    const step = stepAlerts(before, this.#inherited.added(found, this.#active, at), at);
    // What is believed and was not found since cannot begin to fire.
    this.#active = step.active.map(
      (alert): ActiveAlert =>
        step.began.includes(alert) && this.#inherited.isBelieved(alert, at) ? { ...alert, state: 'pending' } : alert,
    );
    for (const alert of step.ended) this.#end(alert, at);
    this.#isReadable = isReadable;
    this.#evaluatedAt = this.#now().toISOString();
    this.#silences = silencesNow(this.#silences, this.#now());
    this.#plan(channels, at);
    this.#outbox.work(channels.all);
    this.#heartbeat.sendIfDue(channels.beat, isReadable);
    await this.#save();
    await this.#files.saveHistoryIfDue();
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
        ...{ name, ...(name === HEARTBEAT ? this.#heartbeat.state : states[name]) },
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
    if (beat) {
      sent.push(this.#heartbeat.send(beat).then((failure) => ({ channel: HEARTBEAT, failure: failure ?? null })));
    }
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
    await Promise.all([this.#outbox.idle(), this.#heartbeat.idle()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#outbox.stop(), this.#heartbeat.stop()]);
    await this.#save();
    await this.#files.saveHistory();
    await this.#channels?.close();
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
    // One that was never told ends without a word.
    if (this.#toldAt.delete(alertKey(alert))) this.#ended.push(newsOfPast(told, at));
  }

  #plan(channels: Channels, at: number): void {
    // What was told to no one is news for the first channel.
    if (channels.all.length === 0) return;
    const firing = this.#active.flatMap((alert): News[] => {
      if (alert.state !== 'firing') return [];
      const { forSeconds = 0 } = this.#ruleOf(alert.rule) ?? {};
      const toldAt = this.#toldAt.get(alertKey(alert));
      return [newsOf(this.#tell(alert), { at: alert.since + forSeconds, toldAt, silences: this.#silences })];
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

  #message({ project }: Channels, { began, continues, ended }: Plan<News, News>): AlertMessage {
    const tell = (news: readonly News[]) => news.map(({ told }) => told);
    return {
      ...{ id: randomUUID(), at: this.#now().toISOString(), host: this.#options.host ?? hostname(), project },
      ...{ began: tell(began), continues: tell(continues), ended: tell(ended), isTest: false },
    };
  }

  #save(): Promise<void> {
    return this.#files.save(() => this.#state());
  }

  #state(): AlertState {
    return {
      active: this.#active.map((alert) => {
        const toldAt = this.#toldAt.get(alertKey(alert));
        const { rule, labels, state, since, value } = alert;
        return {
          ...{ rule, labels, state, value: Number.isFinite(value) ? value : null, since: since * 1000 },
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
}
