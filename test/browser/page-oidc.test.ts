import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { serveOn } from '../support/process.ts';
import { startIssuer } from './issuer.ts';
import { expiringIn, startPageService } from './page-service.ts';
import { expectNoAxeViolations, failing, keepScreenshot, startBrowser } from './support.ts';

const EXAMPLES = [expiringIn(3, { id: 'soon01', description: 'Soon' })];

/** A service at whose page people sign in at an issuer, and a browser at the certificates that expire. */
async function start(env: Record<string, string> = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const [issuer, browser] = await Promise.all([startIssuer(url), startBrowser()]);
  const settings = { PORT: `${port}`, ...issuer.env, ...env };
  const service = await startPageService({ examples: EXAMPLES }, settings);
  return { issuer, service, settings, url, ...(await open(browser, `${url}#/certificates?status=EXPIRING`)) };
}

async function open(browser: BrowserContext, url: string) {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

async function signIn(page: Page) {
  await page.getByRole('button', { name: /^Sign in at 127\.0\.0\.1:/ }).click();
  await doAtTheIssuer(page);
}

/** What a person does there. */
async function doAtTheIssuer(page: Page) {
  await page.getByPlaceholder('Enter any login').fill('ada');
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('a person signs in at the issuer, and comes back to where they were', async () => {
  const { page, complaints, url } = await start();
  await page.getByRole('button', { name: /^Sign in at / }).waitFor();
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'sign-in-at-issuer');
  expect(complaints).toEqual([]);
  await signIn(page);
  await page.getByText('soon01').waitFor();
  await page.getByRole('button', { name: 'ada' }).waitFor();
  expect(page.url()).toBe(`${url}#/certificates?status=EXPIRING`);
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toMatch(
    /eyJ|verifier/,
  );
});

test('where a part of the page cannot be loaded, as after an upgrade of the service, it does not wait for ever', async () => {
  const { page } = await start();
  await page.route('**/assets/oidc-*.js', (route) => route.fulfill({ status: 404 }));
  await page.getByRole('button', { name: /^Sign in at / }).click();
  await page.getByText(/^Signing in at .+ failed$/).waitFor();
  await page.getByText('A part of the page could not be loaded').waitFor();
  await expect.poll(() => page.getByRole('button', { name: /^Sign in at / }).isEnabled()).toBe(true);
});

test('so it is on return from the issuer, and to load the page again then completes it', async () => {
  const { page } = await start();
  await page.getByRole('button', { name: /^Sign in at / }).click();
  await page.getByPlaceholder('Enter any login').waitFor();
  await page.route('**/assets/oidc-*.js', (route) => route.fulfill({ status: 404 }));
  await doAtTheIssuer(page);
  await page.getByText('A part of the page could not be loaded').waitFor();
  await expectNoAxeViolations(page);
  await page.unroute('**/assets/oidc-*.js');
  await page.reload();
  await page.getByText('soon01').waitFor();
});

test('when the service no longer accepts the token, another one is fetched without the person', async () => {
  const { page, issuer, service, settings } = await start();
  await signIn(page);
  await page.getByText('soon01').waitFor();
  await failing(page, 'ClientCertificatesChanged'); // whose answer could be the one below, and has no end
  issuer.giveFor('urn:next');
  await service.stop();
  await serveOn(service.endpoint, { ...settings, JWT_AUDIENCE: 'urn:next' });
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/graphql') && response.status() === 200),
    page.getByRole('button', { name: 'Read again' }).click(),
  ]);
  expect((await answer.json()).errors).toBe(undefined);
  await page.getByText('soon01').waitFor();
  expect(await page.getByRole('button', { name: /^Sign in at / }).count()).toBe(0);
});

test('a person who turns back at the issuer is told so, and may try again', async () => {
  const { page } = await start();
  await page.getByRole('button', { name: /^Sign in at / }).click();
  await page.getByRole('link', { name: /Cancel/ }).click();
  await page.getByText(/^Signing in at 127\.0\.0\.1:\d+ failed$/).waitFor();
  await page.getByText('End-User aborted interaction').waitFor();
  await expectNoAxeViolations(page);
  await signIn(page);
  await page.getByText('soon01').waitFor();
});

test('who goes back from the issuer to the page as it was left may try again', async () => {
  const { page } = await start();
  const button = page.getByRole('button', { name: /^Sign in at / });
  await page.route('**/auth?*', (route) => route.abort('aborted')); // nothing takes the place of the page
  await Promise.all([page.waitForRequest('**/auth?*'), button.click()]);
  expect(await button.isEnabled()).toBe(false);
  // As a browser does that kept the page; this one keeps none while it is tested.
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect.poll(() => button.isEnabled()).toBe(true);
  await page.unroute('**/auth?*');
  await signIn(page);
  await page.getByText('soon01').waitFor();
});

test('an issuer that cannot be reached is named', async () => {
  const { page } = await start({ JWT_ISSUER: 'http://127.0.0.1:9' });
  await page.getByRole('button', { name: 'Sign in at 127.0.0.1:9' }).click();
  await page.getByText('Signing in at 127.0.0.1:9 failed').waitFor();
});

test('a token that the person has does as well', async () => {
  const { page } = await start();
  await page.getByText('Use a token instead').click();
  await page.getByLabel('Bearer token').fill('no.token.really');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page
    .getByText(/^Not accepted \(401\)/)
    .first()
    .waitFor();
});
