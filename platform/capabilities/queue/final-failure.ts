/** Thrown by a worker: its job has failed for good, however many attempts were left. Operators find it among the dead ones. */
export class FinalFailure extends Error {
  override readonly name: string = 'FinalFailure';
}
