import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { freePort, type PlatformAccess, startTestPlatform } from './platform.ts';

/** The platform that all test files share which do not need one of their own. */
export interface SharedPlatform extends PlatformAccess {
  /** Origin of a page that may call its API; nothing listens there until a test serves the page. */
  pageOrigin: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    platform: SharedPlatform;
  }
}

export const sharedPlatform = (): SharedPlatform => inject('platform');

/** Starts it before the first test file and ends it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const pageOrigin = `http://localhost:${await freePort()}`;
  const platform = await startTestPlatform({ env: { CORS_ORIGINS: pageOrigin } });
  const { url, home, pid, root } = platform;
  project.provide('platform', { url, home, pid, root, pageOrigin });
  return () => platform.stop();
}
