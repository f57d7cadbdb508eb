import { redact } from './redact.ts';

export interface Redacted {
  json: string;
  /** Something was left out for its length. */
  isCut: boolean;
}

/** Most characters of all texts of one request or answer, after which the rest is left out. */
export const MOST_CHARACTERS = 65_536;
/** What is read of a longer text besides, so that what is cut in the middle is recognized or falls away. */
const MARGIN = 1_024;
/** A deeper value is left out; requests are not that deep. */
const DEEPEST = 110;

/** JSON with every text and every name in it redacted, and cut at so many characters in all. Lists and objects keep their form. */
export function redactJson(value: unknown): Redacted {
  const redactor = new Redactor();
  const json = JSON.stringify(redactor.redact(value, 0)) ?? 'null';
  return { json, isCut: redactor.isCut };
}

class Redactor {
  #left = MOST_CHARACTERS;
  isCut = false;

  redact(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return this.#number(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEEPEST || this.#left <= 0) {
      this.isCut = true;
      return null;
    }
    this.#left -= 1;
    if (Array.isArray(value)) return this.#list(value, depth);
    const entries: [string, unknown][] = [];
    for (const [name, inner] of Object.entries(value)) {
      if (this.#isFull()) break;
      entries.push([this.#text(name), this.redact(inner, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #list(values: readonly unknown[], depth: number): unknown[] {
    const kept: unknown[] = [];
    for (const inner of values) {
      if (this.#isFull()) break;
      kept.push(this.redact(inner, depth + 1));
    }
    return kept;
  }

  #isFull(): boolean {
    if (this.#left > 0) return false;
    this.isCut = true;
    return true;
  }

  /** A number may be a card or a phone as well. */
  #number(value: number): unknown {
    this.#left -= 1;
    const text = String(value);
    const redacted = text.length < 10 ? text : redact(text);
    return redacted === text ? value : redacted;
  }

  #text(text: string): string {
    const isLong = text.length > this.#left;
    let redacted = redact(isLong ? text.slice(0, this.#left + MARGIN) : text);
    // The end may be the beginning of a secret that is not recognized without the rest.
    if (isLong) redacted = redacted.slice(0, Math.max(Math.min(this.#left, redacted.length - MARGIN), 0));
    if (isLong) this.isCut = true;
    this.#left -= redacted.length;
    return redacted.isWellFormed() ? redacted : redacted.toWellFormed();
  }
}
