import type { ProviderKind } from '../providers/adapter.ts';
import type { Ability, RepeatOn, Route, Target } from '../routing/route.ts';

/** Durations such as `3s`, `300ms`, `7d`; sizes such as `512KiB`. */
type Text = string;

/** The gateway's configuration as its YAML has it, checked. What it does not say is as the environment and the defaults have it. */
export interface GatewayDocument {
  version: 1;
  providers: Record<string, ProviderEntry>;
  models: Record<string, ModelEntry>;
  routes: Record<string, RouteEntry>;
  limits?: { body?: Text; response?: Text; concurrent?: number; mediaBody?: Text };
  breaker?: { failures?: number; reset?: Text };
  logging?: { keep?: Text };
}

export interface ProviderEntry {
  kind: ProviderKind;
  base?: string;
  /** Variable that names the PEM file of the authorities that may sign its certificate, such as `GIGACHAT_CA_PATH`. */
  ca?: string;
  timeouts?: { connect?: Text; first?: Text; idle?: Text; total?: Text };
  keys?: (KeySource & { weight?: number; rpm?: number; concurrency?: number })[];
  options?: Record<string, string | number | boolean>;
}

/** Where the secret of a key is: a variable of the environment, or one that was entered and is kept encrypted under a name. */
export type KeySource = { env: string } | { secret: string };

export interface ModelEntry {
  provider: string;
  name: string;
  /** Without it: whatever a conversation may hold. With one that belongs to conversations, `chat` is meant as well. */
  can?: Ability[];
  price?: string;
  maxOutput?: number;
}

export interface RouteEntry {
  strategy?: 'order' | 'weighted';
  /** Names in order, or weights by name. */
  targets: string[] | Record<string, number>;
  retry?: { attempts?: number; budget?: Text; on?: RepeatOn[] };
  drop?: boolean;
  /** How long equal answers are kept; `true` for CACHE_DEFAULT_TTL. */
  cache?: Text | true;
}

export interface GatewayLimits {
  bodyBytes: number;
  responseBytes: number;
  mediaBodyBytes: number;
  concurrent: number;
}

/** The configuration in effect, with its secrets, for one organization. */
export interface GatewayConfiguration {
  /** Of the document in the database; 0 for what the environment alone says. */
  version: number;
  limits: GatewayLimits;
  breaker: { failures: number; resetMs: number };
  /** How long prompts are kept at most. */
  logging: { keepMs: number };
  /** Set where the organization has its prompts logged, with how long they are kept. */
  promptLog?: { keepMs: number };
  /** Route names first, then names of targets: a target by itself is a route of one. */
  route(name: string): Route | undefined;
  routes(): readonly Route[];
  targets(): readonly Target[];
}

/** Follows the configuration in the database: a change is known in every process within a second. */
export interface Configurations {
  /** With the organization's own keys in place of the platform's, where it has some. */
  of(organizationId: string): Promise<GatewayConfiguration>;
  /** Names that `standard` and `advanced` of plans stand for are routes like any other. */
  platform(): Promise<GatewayConfiguration>;
}
