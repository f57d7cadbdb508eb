import type { GatewayDocument } from './contract.ts';
import { duration } from './quantities.ts';

const KEPT_MS = 7 * 86_400_000;

/** How long the platform lets organizations keep their prompts. What shows that setting needs nothing else of a configuration. */
export const loggingKeepMs = (document: GatewayDocument | undefined): number =>
  duration(document?.logging?.keep, KEPT_MS);
