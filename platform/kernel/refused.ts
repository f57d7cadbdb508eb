/** What an operator asked for and does not get; the message says why. */
export class Refused extends Error {
  readonly reason: 'malformed' | 'missing' | 'conflict';

  constructor(reason: Refused['reason'], message: string) {
    super(message);
    this.name = 'Refused';
    this.reason = reason;
  }
}
