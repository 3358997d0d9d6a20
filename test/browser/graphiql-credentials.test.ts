import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { openGraphiQL } from './graphiql-page.ts';
import { keepScreenshot, startBrowser, startService } from './support.ts';

/** GraphiQL on a service that requires an API key, and what a person sees of its field. */
async function start() {
  const { key, entry } = createApiKey('portal');
  const [service, browser] = await Promise.all([
    startService({ AUTH: 'api-key', API_KEYS: entry }),
    startBrowser(),
  ]);
  return { key, url: service.url, browser, ...(await openAgain(browser, service.url)) };
}

async function openAgain(browser: BrowserContext, url: string) {
  const opened = await openGraphiQL(browser, url);
  return { ...opened, ...fieldOf(opened.page) };
}

const fieldOf = (page: Page) => ({
  told: async () => page.getByRole('status').first().innerText(),
  give: async (key: string) => {
    await page.getByRole('textbox', { name: /^(API key|Bearer token)$/ }).fill(key);
    await page.getByRole('button', { name: 'Use', exact: true }).click();
  },
});

/** Everything that outlives the page, and the content of its fields and its address. */
const keptBy = async (page: Page) =>
  page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
      Array.from(document.querySelectorAll('input'), ({ value }) => value),
    ]),
  );

test('a key that is entered once is used for the schema and all tabs, and the browser stores it nowhere', async () => {
  const { key, page, complaints, give, told, openTab, press, result, run, docs } = await start();
  await expect.poll(told).toBe('Every request needs an API key. Only this page keeps it, until a reload.');
  await keepScreenshot(page, 'no-credentials');
  expect(complaints).toEqual([]);
  await give(`  Bearer ${key} `);
  await expect.poll(told).toMatch(/^Accepted: all tabs and the schema use it/);
  expect((await run()).data.clientCertificates.nodes).toHaveLength(3);
  await expect.poll(result).toContain('"EXPIRED"');
  await keepScreenshot(page, 'credentials');
  for (const tab of ['LookUp', 'HowMany']) {
    await openTab(tab);
    expect((await run()).errors, tab).toBeUndefined();
  }
  await press('Show Documentation Explorer');
  await expect.poll(() => docs.innerText()).toContain('Query');
  await keepScreenshot(page, 'credentials-documentation');
  expect(complaints).toEqual([]);

  await page.waitForFunction(() => JSON.stringify({ ...localStorage }).includes('HowMany'));
  expect(await keptBy(page)).toContain('tabState');
  expect(await keptBy(page)).not.toContain(key);
  await page.reload();
  await expect.poll(told).toMatch(/^Every request needs an API key/);
  expect(await keptBy(page)).not.toContain(key);
  expect(await run()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('without a key, or with a wrong one, the page says what is wrong, and a valid key fixes it', async () => {
  const { key, page, give, told, run } = await start();
  await give('');
  await expect.poll(told).toBe('The field is empty.');
  await give('two words');
  await expect.poll(told).toMatch(/^This cannot be one: it has blanks/);
  expect(await run()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  await expect.poll(told).toMatch(/^Every request needs an API key/);
  await give(`${key}x`);
  await expect.poll(told).toBe('Not accepted (401): The credentials are not valid.');
  await keepScreenshot(page, 'credentials-refused');
  await give(key);
  await expect.poll(told).toMatch(/^Accepted/);
  expect((await run()).errors).toBeUndefined();
});

test('the headers of a tab take precedence in that tab', async () => {
  const { key, give, told, press, writeInto, run } = await start();
  await give(key);
  await expect.poll(told).toMatch(/^Accepted/);
  await press('Headers');
  await writeInto('Headers', '{ "X-API-Key": "certway_other" }');
  expect(await run()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('the page of a service with tokens asks for one, and says when the service cannot be reached', async () => {
  const [{ url, stop }, browser] = await Promise.all([
    startService({
      AUTH: 'jwt',
      JWT_ISSUER: 'https://issuer.example.com/',
      JWT_AUDIENCE: 'certway',
      JWT_JWKS_URL: 'http://127.0.0.1:9/jwks.json',
    }),
    startBrowser(),
  ]);
  const { page, give, told } = await openAgain(browser, url);
  await expect.poll(told).toMatch(/^Every request needs a bearer token \(a JWT\)\./);
  await give('no.token.really');
  await expect.poll(told).toBe('Not accepted (401): The credentials are not valid.');
  await stop();
  await give('no.token.really');
  await expect.poll(told).toBe('The service cannot be reached.');
  await keepScreenshot(page, 'credentials-unreachable');
});

test('the page of a service without authentication has no field for a key', async () => {
  const [{ url }, browser] = await Promise.all([startService(), startBrowser()]);
  const { page } = await openGraphiQL(browser, url);
  expect(await page.getByRole('textbox', { name: /key|token/i }).count()).toBe(0);
});
