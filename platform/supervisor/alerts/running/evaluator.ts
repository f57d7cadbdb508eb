import type { Log } from '../../../kernel/log.ts';
import { createHistory, type KeptHistory } from '../expressions/history.ts';
import { evaluateRules, readingsOfRules } from '../rules/evaluate-rules.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { Findings } from '../state/step-alerts.ts';
import type { Clock } from './clock.ts';

/** Reads the figures and finds what the rules say of them. */
export interface Evaluator {
  evaluate(rules: readonly AlertRule[]): Promise<Evaluated>;
  readonly kept: KeptHistory;
}

export interface Evaluated {
  findings: Findings;
  /** In seconds of the steady clock. */
  at: number;
  /** Whether the figures could be read. */
  isReadable: boolean;
}

interface EvaluatorOptions {
  /** The text of `/metrics`. */
  figures(): Promise<string>;
  /** All rules that may be evaluated. */
  table: readonly AlertRule[];
  before: KeptHistory;
  clock: Clock;
  log: Pick<Log, 'warn'>;
  /** Longest wait for the figures. */
  patienceMs?: number;
}

const PATIENCE_MS = 10_000;
/** A difference of the clocks that is no drift. */
const JUMP_MS = 60_000;

export function createEvaluator({
  figures,
  table,
  before,
  clock,
  log,
  patienceMs = PATIENCE_MS,
}: EvaluatorOptions): Evaluator {
  const history = createHistory(readingsOfRules(table), before);
  let [wasReadable, offset, leftOut] = [true, clock.wall() - clock.steady(), 0];

  const read = async (): Promise<string | undefined> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs);
    });
    try {
      return await Promise.race([figures(), late]);
    } catch (error) {
      if (wasReadable) log.warn({ error }, 'Alerts: the figures cannot be read');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
  const noteJump = () => {
    const now = clock.wall() - clock.steady();
    const jumpMs = Math.round(now - offset);
    if (Math.abs(jumpMs) < JUMP_MS) return;
    offset = now;
    log.warn({ jumpMs }, 'Alerts: the clock was set; ages are judged by the new time');
  };

  return {
    async evaluate(rules) {
      const text = await read();
      noteJump();
      wasReadable = text !== undefined;
      const at = clock.steady() / 1000;
      const findings = evaluateRules({ history, rules, text, at, wallSeconds: clock.wall() / 1000 });
      if (history.leftOut > 0 && leftOut === 0)
        log.warn({ series: history.leftOut }, 'Alerts: too many series; some are left out');
      leftOut = history.leftOut;
      return { findings, at, isReadable: wasReadable };
    },
    get kept() {
      return history.kept;
    },
  };
}
