import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium as engine,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { chromium } from '../chromium.ts';
import type { Account } from '../http/client.ts';
import { sharedPlatform } from '../shared-platform.ts';

/** Sizes, languages and colours that screens are shown in. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
export const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;

/** What an account is signed in with. */
type Login = Pick<Account, 'email' | 'password'>;

export interface PageOptions extends BrowserContextOptions {
  /** Signed in as this person before the first page. */
  as?: Login;
  /** Of the device; of the person too, whose choice counts once they are signed in. */
  language?: 'en' | 'ru';
  theme?: 'light' | 'dark';
  /** Origin of another server than the shared platform. */
  origin?: string;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;

/** Call at the head of a test file: one browser for all its tests. Without a browser on the machine, skip them. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (!chromium) return;
    browser = await engine.launch({
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-quic', '--disable-gpu'],
    });
  });
  afterAll(() => browser?.close());
}

export const noBrowser = !chromium;

/**
 * Opens a page of the shared platform's app in a context of its own. The test fails when the page violates its content
 * security policy or throws, whatever else it checks.
 */
export async function openPage(path: string, options: PageOptions = {}): Promise<Page> {
  const { page, close } = await openLastingPage(path, options);
  onTestFinished(close);
  return page;
}

/** The same for several tests, the last of which closes it. */
export async function openLastingPage(
  path: string,
  options: PageOptions = {},
): Promise<{ page: Page; close(): Promise<void> }> {
  const { as, language, theme, origin, ...rest } = options;
  const url = origin ?? (await sharedPlatform()).url;
  const context = await browser.newContext({
    ...DESKTOP,
    baseURL: url,
    locale: language === 'ru' ? 'ru-RU' : 'en-GB',
    timezoneId: 'Europe/Moscow',
    colorScheme: theme ?? 'light',
    ...rest,
  });
  context.setDefaultTimeout(15_000);
  const faults: string[] = [];
  await context.exposeBinding('reportFault', (_, fault: string) => faults.push(fault));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (window as unknown as { reportFault(fault: string): void }).reportFault(
        `${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`,
      );
    });
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  const close = async () => {
    await context.close();
    expect(faults, 'violations of the policy, and errors that the page did not catch').toEqual([]);
  };
  if (as) await signIn(context, url, as, { ...(language && { language }), ...(theme && { theme }) });
  const page = await context.newPage();
  await page.goto(path);
  return { page, close };
}

/** Gives the context the cookie of a session, as the sign-in form does. */
async function signIn(context: BrowserContext, url: string, account: Login, settings: object) {
  const response = await context.request.post('/api/auth/login', {
    data: { email: account.email, password: account.password },
    headers: { 'Pandect-Session': 'cookie', Origin: url },
  });
  expect(response.status(), await response.text()).toBe(200);
  if (Object.keys(settings).length === 0) return;
  const { accessToken } = await response.json();
  const headers = { authorization: `Bearer ${accessToken}` };
  const changed = await context.request.patch('/api/me', { data: settings, headers });
  expect(changed.status(), await changed.text()).toBe(200);
}

/** What axe finds on the page as it stands, a line each; best practices count. */
export async function accessibilityFaults(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate((only) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: AxeViolation[] }> } };
    return axe.run({ resultTypes: ['violations'], ...(only && { runOnly: only }) });
  }, rules);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`));
}

/**
 * What axe finds on a page in both themes: all of it in one, English in the light one and Russian in the dark one, and the colours in the other, as
 * no other rule looks at them.
 */
export async function themeFaults(page: Page, language: 'en' | 'ru', label: string): Promise<string[]> {
  const [whole, other] = language === 'ru' ? ['dark', 'light'] : ['light', 'dark'];
  const looks = [[whole], [other, ['color-contrast', 'link-in-text-block']]];
  const faults: string[] = [];
  for (const [theme, rules] of looks as [string, string[]?][]) {
    await page.evaluate((chosen) => {
      document.documentElement.dataset.theme = chosen;
    }, theme);
    faults.push(...(await accessibilityFaults(page, rules)).map((fault) => `${label} ${theme}: ${fault}`));
  }
  return faults;
}

interface AxeViolation {
  id: string;
  help: string;
  nodes: { target: string[] }[];
}
