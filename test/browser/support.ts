import { mkdir } from 'node:fs/promises';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { clientOf, walk } from '../emulator/support.ts';
import { serve } from '../support/process.ts';

/** The screenshots of the last run; not in git. */
export const SCREENSHOTS = `${import.meta.dirname}/screenshots`;

/** A browser of root cannot have a sandbox. Names under `.example` resolve to this machine, and no others resolve. */
const CHROMIUM_ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Chromium with its own profile, until the running test ends. */
export async function startBrowser(): Promise<BrowserContext> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: CHROMIUM_ARGS,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail')
      for (const page of context.pages()) await keepScreenshot(page, `failed ${task.name.slice(0, 60)}`);
    await browser.close();
  });
  return context;
}

/** The process of the service on its emulator, as `npm start` runs it. */
export async function startService(env: Record<string, string> = {}) {
  const { url, printed, stop } = await serve(env);
  const client = clientOf((await printed(/--endpoint-url \S+$/m)).replace('--endpoint-url ', ''));
  return {
    url,
    stop,
    /** The ids of all certificates in the AWS API. */
    certificateIds: async () => walk(client, 500),
  };
}

/**
 * Opens a page. `complaints` has the messages of its console, and `outside` the requests to other origins, which
 * are all blocked.
 */
export async function open(context: BrowserContext, url: string) {
  const complaints: string[] = [];
  const outside: string[] = [];
  const isOutside = (other: URL) => other.origin !== new URL(url).origin;
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text().slice(0, 300));
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    if (isOutside(new URL(request.url()))) outside.push(request.url());
  });
  await page.route(isOutside, (route) => route.abort());
  await page.goto(url);
  return { page, complaints, outside };
}

/** Saves a screenshot under this name. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}
