import type { Browser, Page } from 'playwright-core';
import type { Account } from '../../tests/support/http/client.ts';

/** Bytes that came over the wire, and when something was first shown, in milliseconds since the request. */
export interface FirstLoad {
  bytes: number;
  shownMs: number;
}

/** Loads a page as a browser that was never there; signed in where an account is given. */
export async function loadFirst(browser: Browser, url: string, account?: Account): Promise<FirstLoad> {
  const page = await openSignedIn(browser, url, account);
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await openAt(page, url);
  const shownMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  await page.context().close();
  return { bytes, shownMs };
}

/** Events keep a connection open, so that the network never rests. */
export async function openAt(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForSelector('h1, .swagger-ui .opblock');
  await page.waitForTimeout(SETTLED_MS);
}

/** What a page loads after it was shown has come by then. */
const SETTLED_MS = 1_000;

export async function openSignedIn(browser: Browser, url: string, account?: Account): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  context.setDefaultTimeout(60_000);
  if (account) {
    const { origin } = new URL(url);
    const response = await context.request.post(`${origin}/api/auth/login`, {
      data: { email: account.email, password: account.password },
      headers: { 'pandect-session': 'cookie', origin },
    });
    if (!response.ok()) throw new Error(`Sign in to measure "${url}": ${response.status()}`);
  }
  return context.newPage();
}

export interface Place {
  document: string;
  start: number;
  end: number;
}

/** Goes to the address of a passage, as a click on its citation does. @returns milliseconds until its words are marked on the page */
export function markPassage(page: Page, { document: id, start, end }: Place): Promise<number> {
  return page.evaluate(
    async ([address, limitMs]) => {
      const began = performance.now();
      history.pushState(history.state, '', address);
      const isMarked = () => document.querySelector('.pdf-marks [data-kind="cited"]') !== null;
      while (!isMarked()) {
        if (performance.now() - began > limitMs) throw new Error(`Mark "${address}": not within ${limitMs} ms`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return performance.now() - began;
    },
    [`?doc=${id}&start=${start}&end=${end}`, 60_000] as const,
  );
}

/** Leaves the passage, so that the next one is marked from nothing. */
export async function leavePassage(page: Page): Promise<void> {
  await page.evaluate(() => history.pushState(history.state, '', location.pathname));
  await page.waitForFunction(() => document.querySelector('.pdf-marks [data-kind="cited"]') === null);
}

export interface Scrolled {
  /** Between two frames: the longest, and the share that took longer than 50 ms. */
  longestMs: number;
  late: number;
  /** Most canvases at once. */
  canvases: number;
}

/** Scrolls an element, or the page, to its end in so many steps, a frame each. */
export function scrollThrough(page: Page, selector: string | undefined, steps: number): Promise<Scrolled> {
  return page.evaluate(
    async ([found, count]) => {
      const element = found === undefined ? document.scrollingElement : document.querySelector(found);
      if (!element) throw new Error(`Scroll "${found}": it is not there`);
      const frames: number[] = [];
      let canvases = 0;
      let last = performance.now();
      for (let step = 1; step <= count; step++) {
        element.scrollTop = ((element.scrollHeight - element.clientHeight) * step) / count;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        frames.push(performance.now() - last);
        last = performance.now();
        canvases = Math.max(canvases, document.querySelectorAll('canvas').length);
      }
      const late = frames.filter((ms) => ms > 50).length / frames.length;
      return { longestMs: Math.max(...frames), late, canvases };
    },
    [selector, steps] as const,
  );
}

/** Of the page's scripts, after a collection of garbage. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
