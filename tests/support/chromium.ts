import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The first is the one without windows, which takes less than half of the processor time. */
const installed = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const places = [process.env.CHROMIUM, ...installed.map((name) => join('/usr/bin', name))];

/** The browser of the machine, if it has one; CHROMIUM names another. */
export const chromium = places.find((path) => path && existsSync(path));

/** Loads a page, lets its scripts run, and returns what stands in it then. Nothing but the page is fetched. */
export async function renderPage(url: string): Promise<string> {
  if (!chromium) throw new Error('Render page: there is no browser');
  const profile = await mkdtemp(join(tmpdir(), 'pandect-browser-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-dev-shm-usage',
  ];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const page = ['--virtual-time-budget=20000', `--user-data-dir=${profile}`, '--dump-dom', url];
  try {
    const options = { timeout: 90_000, maxBuffer: 64 * 1024 * 1024, env: { PATH: process.env.PATH, HOME: profile } };
    return (await promisify(execFile)(chromium, [...flags, ...quiet, ...page], options)).stdout;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
