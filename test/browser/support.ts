import { mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { lazy } from '../../src/maybe-promise.ts';
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

const browser = lazy(() =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: CHROMIUM_ARGS }),
);
afterAll(async () => (await browser()).close());

/** A profile of its own in Chromium, which all tests of a file share, until the running test ends. */
export async function startBrowser(): Promise<BrowserContext> {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail')
      for (const page of context.pages()) await keepScreenshot(page, `failed ${task.name.slice(0, 60)}`);
    await context.close();
  });
  return context;
}

/** For tests that wait until the network is idle: a page that listens to changes keeps a stream open. */
export const NO_STREAMS = { MAX_SUBSCRIPTIONS: '0' };

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
export async function open(context: BrowserContext, url: string, { colorScheme, width }: PageOptions = {}) {
  const complaints: string[] = [];
  const outside: string[] = [];
  const isOutside = (other: URL) => other.origin !== new URL(url).origin;
  const page = await context.newPage();
  if (colorScheme) await page.emulateMedia({ colorScheme });
  if (width) await page.setViewportSize({ width, height: 800 });
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

/** From now on no answer to this operation of the page comes. */
export const failing = async (page: Page, operation: string) =>
  page.route('**/graphql', async (route) =>
    route.request().postData()?.includes(`"operationName":"${operation}"`)
      ? route.fulfill({ status: 500, body: 'oh no' })
      : route.continue(),
  );

/** From now on this operation of the page is not sent, until the result is called. */
export async function holding(page: Page, operation: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes(`"operationName":"${operation}"`)) await promise;
    return route.continue();
  });
  return resolve;
}

/** Resolves once the page shows what has come to it. */
export const untilDrawn = async (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));

/** Saves a screenshot under this name. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}

export type PageOptions = { colorScheme?: 'light' | 'dark'; width?: number };

/** Opens the page for people at an address such as `#/certificates`, and waits until it is there. */
export async function openPage(
  context: BrowserContext,
  { url }: { url: string },
  hash = '#/',
  { colorScheme = 'light', width = 1280 }: PageOptions = {},
) {
  const opened = await open(context, new URL(`./${hash}`, url).href, { colorScheme, width });
  await opened.page
    .getByRole('heading', { level: 1 })
    .or(opened.page.getByRole('heading', { name: 'Sign in' }))
    .first()
    .waitFor();
  return opened;
}

/** Checks what is shown now by axe-core, in light and in dark. What is said above a view may be there before the view, which has the heading. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axe.source); // as a debugger does, which the policy of the page allows
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const results = await axe.run();
      return results.violations.map(({ id, help, nodes }) => ({
        id,
        help,
        where: nodes.map(({ html }) => html.slice(0, 200)),
      }));
    });
    expect(violations, colorScheme).toEqual([]);
  }
}

/** The page itself never scrolls sideways; what is too wide scrolls inside. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [wide, visible] = await page.evaluate(
    () => [document.documentElement.scrollWidth, window.innerWidth] as const,
  );
  expect(wide).toBeLessThanOrEqual(visible);
}
