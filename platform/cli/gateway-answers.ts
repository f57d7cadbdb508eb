/** What the operator's function answers with about the gateway; times are ISO 8601. */

/** A field that differs between two configurations. */
interface FieldChange {
  kind: 'added' | 'changed' | 'removed';
  path: string;
  before?: string;
  after?: string;
}

export interface AppliedConfiguration {
  /** In effect now. */
  version: number;
  isNew: boolean;
  changes: FieldChange[];
}

export interface ShownConfiguration {
  version: number;
  document: object;
}

export interface ConfigurationVersion {
  version: number;
  comment: string | null;
  by: string;
  createdAt: string;
}

export interface ShownRoute {
  route: string;
  strategy: 'order' | 'weighted';
  targets: { target: string; provider: string; model: string; weight: number; keys: number }[];
  cacheSeconds: number;
}

export interface ShownSecret {
  name: string;
  last4: string;
  createdAt: string;
}

export interface ShownBreaker {
  target: string;
  state: 'closed' | 'open' | 'half-open';
  failures: number;
  until?: string;
}

/** A key that may call models; roubles are exact text. */
export interface ShownKey {
  id: string;
  prefix: string;
  name: string;
  organization: string;
  lastUsedAt: string | null;
  budgets: {
    window: string;
    hard: boolean;
    limitCost: string | null;
    spentCost: string;
    limitTokens: number | null;
    spentTokens: number;
  }[];
  /** Calls that were answered with 429, by days of UTC. */
  refused: { today: number; yesterday: number };
}

interface ShownPrice {
  validFrom: string;
  prompt: string;
  completion: string;
}

/** What calls of a target are charged with. */
export interface TargetPrice {
  target: string;
  price: string;
  routes: string[];
  /** Null: it is refused. */
  now: ShownPrice | null;
  isCeiling: boolean;
  next: ShownPrice | null;
}

/** One attempt at a call, as the books have it. */
export interface LoggedCall {
  id: string;
  organizationId: string;
  requestId: string;
  attempt: number;
  route: string | null;
  target: string | null;
  outcome: string;
  status: number | null;
  promptTokens: number;
  completionTokens: number;
  firstMs: number | null;
  ms: number | null;
  cost: string;
  isEstimated: boolean;
  createdAt: string;
}

export interface TriedRoute {
  route: string;
  isOk: boolean;
  problem?: string;
  ms: number;
  attempts: {
    target: string;
    provider: string;
    model: string;
    outcome: string;
    status?: number;
    code?: string;
    firstMs?: number;
    ms: number;
    usage?: { input: number; output: number };
    cost?: string;
  }[];
}

export interface ImportedPrices {
  taken: { model: string; ignored: string[] }[];
  leftOut: { model: string; why: string }[];
}

/** `+` for what was added, `-` for what was removed, `~` for what changed. */
export function describeChange({ kind, path, before, after }: FieldChange): string {
  if (kind === 'added') return `+ ${path}: ${after}`;
  if (kind === 'removed') return `- ${path}: ${before}`;
  return `~ ${path}: ${before} → ${after}`;
}
