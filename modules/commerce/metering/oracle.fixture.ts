/** What metering should come to, kept in memory by other means than the database's: the oracle of the property test. */

export interface Figures {
  day: Record<string, number>;
  month: Record<string, number>;
  minute: Record<string, number>;
  credits: number;
  tokens: number;
  questions: number;
  /** In hundred-millionths of a rouble. */
  cost: bigint;
  states: Record<string, string>;
  rows: number;
}

export interface Limits {
  day: number;
  month: number;
  concurrent: number;
  minute: number;
}

interface Reservation {
  state: string;
  source: 'plan' | 'credit';
  at: Date;
  expires: number;
  tokens: number;
  cost: bigint;
  attempts: number;
  logged: Set<number>;
  /** Attempts that ended with the question given back; anyone who made them is done. */
  over: Set<number>;
}

/** Prices of gpt-4: 3,000 and 6,000 roubles a million. */
export const costOf = (prompt: number, completion: number) => BigInt(prompt) * 300_000n + BigInt(completion) * 600_000n;

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const monthOf = (at: Date) => `${at.toISOString().slice(0, 7)}-01`;
const minuteOf = (at: Date) => `${at.toISOString().slice(0, 16)}:00.000Z`;
const isOpen = ({ state }: Reservation) => state === 'reserved' || state === 'started';

export class Oracle {
  readonly figures: Figures = {
    ...{ day: {}, month: {}, minute: {}, credits: 0, tokens: 0, questions: 0, cost: 0n, states: {}, rows: 0 },
  };
  readonly #limits: Limits;
  readonly #secondsOpen: number;
  readonly #reservations = new Map<string, Reservation>();

  constructor(limits: Limits, secondsOpen: number) {
    this.#limits = limits;
    this.#secondsOpen = secondsOpen;
  }

  knows = (id: string): boolean => this.#reservations.has(id);
  attemptsOf = (id: string): number => this.#reservations.get(id)?.attempts ?? 0;
  isOver = (id: string, attempt: number): boolean => this.#reservations.get(id)?.over.has(attempt) ?? false;

  /** Whether it is admitted. */
  reserve(id: string, prompt: number, completion: number, at: Date): boolean {
    const earlier = this.#reservations.get(id);
    const open = [...this.#reservations.values()].filter((one) => isOpen(one) && one.expires > at.getTime()).length;
    const expires = at.getTime() + this.#secondsOpen * 1000;
    if (earlier?.state === 'settled') return true;
    if (earlier && isOpen(earlier)) {
      if (earlier.expires <= at.getTime() && open >= this.#limits.concurrent) return false;
      earlier.expires = Math.max(earlier.expires, expires);
      return true;
    }
    const { day, month, minute, credits } = this.figures;
    const exhausted = (day[dayOf(at)] ?? 0) >= this.#limits.day || (month[monthOf(at)] ?? 0) >= this.#limits.month;
    const tokens = Math.min(prompt + completion, this.#limits.minute);
    if (prompt > this.#limits.minute || (exhausted && credits === 0) || open >= this.#limits.concurrent) return false;
    if ((minute[minuteOf(at)] ?? 0) + tokens > this.#limits.minute) return false;
    const reservation: Reservation = {
      ...{ state: 'reserved', source: exhausted ? 'credit' : 'plan', at, expires, tokens },
      cost: costOf(prompt, tokens - prompt),
      attempts: earlier?.attempts ?? 0,
      logged: earlier?.logged ?? new Set(),
      over: earlier?.over ?? new Set(),
    };
    this.#reservations.set(id, reservation);
    this.#count(reservation, 1);
    add(minute, minuteOf(at), tokens);
    return true;
  }

  start(id: string): void {
    const reservation = this.#reservations.get(id) as Reservation;
    reservation.attempts++;
    if (reservation.state === 'reserved') reservation.state = 'started';
  }

  /** Ends a question whose attempt of this number, or one without a provider, used so much. */
  close(
    id: string,
    ending: 'settled' | 'released',
    attempt: number | undefined,
    prompt: number,
    completion: number,
  ): void {
    const reservation = this.#reservations.get(id) as Reservation;
    const [changes, number] = [ending !== reservation.state, attempt ?? reservation.attempts + 1];
    const isLate = reservation.state === 'settled' || (ending === 'released' && !isOpen(reservation));
    const stands = attempt === undefined && isLate;
    let spent = stands ? 0 : this.#log(reservation, number, prompt + completion, costOf(prompt, completion));
    if (ending === 'released' && !stands) reservation.over.add(number);
    if (changes && (ending === 'settled' || isOpen(reservation))) {
      reservation.attempts = Math.max(reservation.attempts, number);
    }
    if (ending === 'settled') spent += this.#logLost(reservation);
    this.#end(reservation, ending, spent);
  }

  expire(at: Date): void {
    for (const reservation of this.#reservations.values()) {
      if (!isOpen(reservation) || reservation.expires > at.getTime()) continue;
      if (reservation.state === 'started') this.#end(reservation, 'settled', this.#logLost(reservation));
      else this.#end(reservation, 'expired', 0);
    }
  }

  snapshot(): Figures {
    const states = Object.fromEntries([...this.#reservations].map(([id, { state }]) => [id, state]));
    return { ...this.figures, states };
  }

  #end(reservation: Reservation, ending: string, spent: number): void {
    const open = isOpen(reservation);
    add(this.figures.minute, minuteOf(reservation.at), spent - (open ? reservation.tokens : 0));
    if (ending === 'settled') {
      if (reservation.state === 'settled') return;
      if (!open) this.#count(reservation, 1);
      this.figures.questions++;
    } else if (open) this.#count(reservation, -1);
    else return;
    reservation.state = ending;
  }

  #count(reservation: Reservation, change: 1 | -1): void {
    if (reservation.source === 'credit' && this.figures.credits >= change) this.figures.credits -= change;
    else {
      reservation.source = 'plan';
      add(this.figures.day, dayOf(reservation.at), change);
      add(this.figures.month, monthOf(reservation.at), change);
    }
  }

  #log(reservation: Reservation, attempt: number, tokens: number, cost: bigint): number {
    if (reservation.logged.has(attempt)) return 0;
    reservation.logged.add(attempt);
    this.figures.rows++;
    this.figures.tokens += tokens;
    this.figures.cost += cost;
    return tokens;
  }

  #logLost(reservation: Reservation): number {
    let spent = 0;
    for (let attempt = 1; attempt <= reservation.attempts; attempt++) {
      spent += this.#log(reservation, attempt, reservation.tokens, reservation.cost);
    }
    return spent;
  }
}

function add(to: Record<string, number>, key: string, change: number): void {
  to[key] = (to[key] ?? 0) + change;
}
