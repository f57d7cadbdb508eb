import type { JobState } from '../kernel/job-state.ts';

/** What the operator's function answers with; times are ISO 8601. */

/** An account as an operator is shown it before it gets rights. */
export interface ShownAccount {
  id: string;
  email: string;
  organization: string;
  role: string;
  createdAt: string;
  confirmedAt: string | null;
  administrator: boolean;
}

/** What ended when an account changed. */
interface EndedAccess {
  sessions: number;
  keys: number;
}

export interface ConfirmedAccount extends EndedAccess {
  email: string;
  /** The new one, where it was asked for. */
  password: string | null;
}

export interface Administrator extends EndedAccess {
  email: string;
  organization: string;
  /** Of an account that was made for this; null when there was one. */
  password: string | null;
}

/** Where a figure and what it was summed from disagree. */
export interface Difference {
  organizationId: string;
  place: string;
  logged: string;
  summed: string;
}

/** Where invoices, payments and ledger contradict each other. */
export interface Discrepancy {
  check: string;
  subject: string;
  detail: string;
}

type RetentionKind = 'audit' | 'conversations' | 'replaced' | 'usage';

/** How long something is kept; null keeps all. */
export interface RetentionRow {
  kind: RetentionKind;
  variable: string;
  days: number | null;
}

/** What a sweep would remove now, of how many. */
export interface RetentionPreviewRow {
  kind: RetentionKind;
  days: number | null;
  keptSince: string | null;
  rows: number;
  bytes: number;
  oldest: string | null;
  of: number;
}

export interface GenerationRow {
  generation: number;
  state: string;
  chunker: string;
  embeddingModel: string;
  dimensions: number;
  store: string;
  liveAt: string | null;
  /** Documents that it holds, and that it shall hold. */
  done: number;
  total: number;
  /** In which settings it is not what the platform asks for now. */
  differs: string[];
}

export interface JobRow {
  id: string;
  queue: string;
  state: JobState;
  attempt: number;
  attempts: number;
  organization: string | null;
  /** What it is about: ids only. */
  about: Record<string, string>;
  createdAt: string;
  startsAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  error: string | null;
}

/** What became of a dead job: a new one that waits, or one with the same payload that was there already. */
export interface Retried {
  id: string;
  job: string;
  isNew: boolean;
}

export interface MissingFile {
  documentId: string;
  organizationId: string;
  storageKey: string;
  since: string;
}

/** Where a platform stores files; address and bucket only of S3. */
export interface StoragePlace {
  storage: 'local' | 's3';
  endpoint: string | null;
  bucket: string | null;
}

export interface OrphanedFile {
  storageKey: string;
  bytes: number;
  storedAt: string;
}

/** States of a generation of images. */
export const imageStates = [
  ...['queued', 'submitting', 'waiting', 'running', 'storing'],
  ...['done', 'failed', 'refused', 'cancelled', 'expired'],
] as const;

/** A generation of images, without a word of what was asked for. */
export interface ImageRow {
  id: string;
  organizationId: string;
  userId: string | null;
  status: string;
  reason: string | null;
  model: string;
  provider: string;
  width: number;
  height: number;
  count: number;
  /** Charged ones. */
  units: number;
  /** Submits to the provider. */
  attempts: number;
  /** The provider may have charged what the person was not. */
  maybeCharged: boolean;
  late: boolean;
  version: number;
  createdAt: string;
  submittedAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  cancelAskedAt: string | null;
}

/** A bot in Telegram, without its token. */
export interface BotListing {
  id: string;
  organizationId: string;
  username: string;
  name: string;
  skills: string[];
  timeZone: string;
  state: string;
  delivery: string;
  createdAt: string;
}

/** How a bot stands, here and at Telegram. */
export interface BotStanding {
  id: string;
  organizationId: string;
  username: string;
  name: string;
  state: string;
  delivery: string;
  isAuthorized: boolean;
  /** Milliseconds; null when Telegram did not tell its time. */
  clockAheadMs: number | null;
  webhook: {
    isSet: boolean;
    isOurs: boolean;
    pending: number;
    lastError: string | null;
    lastErrorAt: string | null;
  } | null;
  polling: { problem: string | null; polledAt: string | null } | null;
  pausedUntil: string | null;
  troubles: string[];
}

/** Bots that do not work, as far as Telegram was asked. */
export interface BotHealth {
  bots: number;
  unchecked: number;
  troubled: { id: string; username: string; troubles: string[] }[];
}

/** A charge that was paid back; `amount` in Stars. */
export interface RefundedCharge {
  chargeId: string;
  botId: string;
  walletId: string | null;
  amount: number;
  wasRefunded: boolean;
}

/** What somebody in an organization has on top of its limits, such as a user of a bot. */
export interface WalletRow {
  id: string;
  organizationId: string;
  kind: string;
  reference: string;
  timeZone: string;
  units: {
    unit: string;
    freePerDay: number;
    freeLeft: number;
    freeResetsAt: string;
    bought: number;
    held: number;
    usedToday: number;
    owed: number;
  }[];
  entries: {
    at: string;
    unit: string;
    reason: string;
    amount: number;
    debt: number;
    reference: string;
    actor: string | null;
  }[];
}

/** What was asked of a platform in the last days; means are null where nothing says them. */
export interface MeasuredLoad {
  days: number;
  since: string;
  actions: {
    action: string;
    requests: number;
    busiestHour: number;
    cached: number;
    tokensIn: number | null;
    tokensOut: number | null;
    seconds: number | null;
  }[];
  people: { users: number; organizations: number; activePerDay: number };
  images: {
    requests: number;
    busiestHour: number;
    seconds: number | null;
    picturesEach: number | null;
    bytesEach: number | null;
  };
  documents: {
    count: number;
    replaced: number;
    added: number;
    bytesEach: number | null;
    pagesEach: number | null;
  };
}
