/** Why restic ended without success, as far as it matters what to do. */
export type FailureKind = 'missing' | 'passphrase' | 'locked' | 'full' | 'other';

export class ResticFailure extends Error {
  readonly kind: FailureKind;
  constructor(doing: string, kind: FailureKind, detail: string) {
    super(`${doing}: ${explanations[kind] ?? detail}`);
    this.name = 'ResticFailure';
    this.kind = kind;
  }
}

const explanations: Partial<Record<FailureKind, string>> = {
  passphrase: 'wrong passphrase: set BACKUP_PASSPHRASE, or BACKUP_PASSPHRASE_FILE, to that of the recovery sheet',
  missing: 'there is no backup repository',
  locked: 'another host or process is working on the repository; try again when it is done',
  full: 'no space is left at the target',
};

/** Statuses of restic 0.17 and newer; older ones end with 1 whatever happened. */
const byStatus: Record<number, FailureKind> = { 10: 'missing', 11: 'locked', 12: 'passphrase' };

const byText: [RegExp, FailureKind][] = [
  [/wrong password or no key found/, 'passphrase'],
  // Whatever kept it from reading the file, it asks whether there is a repository.
  [/unable to open config file: [^\n]*(?:no such file|does not exist|not found)|repository does not exist/i, 'missing'],
  [/repository is already locked|unable to create lock/, 'locked'],
  [/no space left on device|disk quota exceeded/i, 'full'],
];

/** Versions before 0.17 tell by their words alone. */
export function failureOf(doing: string, status: number | null, stderr: string): ResticFailure {
  const full = byText.find(([pattern, kind]) => kind === 'full' && pattern.test(stderr))?.[1];
  const kind = full ?? byStatus[status ?? 0] ?? byText.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'other';
  const lines = stderr.trim().split('\n').slice(-3).join(' ').slice(0, 500);
  return new ResticFailure(doing, kind, lines || `restic ended with status ${status}`);
}
