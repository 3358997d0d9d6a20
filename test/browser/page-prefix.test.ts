import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { freePort } from '../support/free-port.ts';
import { startIssuer } from './issuer.ts';
import { startNginx } from './nginx.ts';
import { expiringIn, startPageService } from './page-service.ts';
import { openPage, startBrowser } from './support.ts';

const EXAMPLES = [expiringIn(3, { id: 'soon01', description: 'Soon' })];

/** nginx, behind whose path `/certway/` the service is. */
const startPrefix = async (service: string, port: number, more = ''): Promise<void> =>
  startNginx(port, `location /certway/ { proxy_pass ${new URL('/', service)}; ${more} }`, '/certway/health');

test('behind a path prefix everything works: a key, the views, the links to GraphiQL, a reload', async () => {
  const { key } = createApiKey('portal');
  const service = await startPageService(
    { examples: EXAMPLES },
    { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', key) },
  );
  const port = await freePort();
  await startPrefix(service.url, port);
  const url = `http://127.0.0.1:${port}/certway/`;
  const { page, complaints } = await openPage(await startBrowser(), { url }, '#/certificates');
  const signIn = async () => {
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('soon01').waitFor();
  };
  await signIn();
  await page.reload();
  await signIn();
  const graphiql = page.getByRole('link', { name: /GraphiQL/ });
  expect(await graphiql.evaluate((link) => (link as HTMLAnchorElement).href)).toBe(`${url}graphql`);
  expect(page.url()).toBe(`${url}#/certificates`);
  expect(complaints).toEqual([]);
});

test('behind a path prefix GraphiQL sends its operations to where it is, and the way there leads to it', async () => {
  const { key } = createApiKey('portal');
  const service = await startPageService(
    { examples: EXAMPLES },
    { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', key), PAGE: 'false' },
  );
  const port = await freePort();
  await startPrefix(service.url, port);
  const page = await (await startBrowser()).newPage();
  await page.goto(`http://127.0.0.1:${port}/certway/`);
  expect(page.url()).toBe(`http://127.0.0.1:${port}/certway/graphql`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  await page.getByText(/^Accepted: /).waitFor();
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await page.getByText('soon01').first().waitFor();
});

test('behind a path prefix a person signs in at the issuer, and comes back to there', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/certway/`;
  const [issuer, browser] = await Promise.all([startIssuer(url), startBrowser()]);
  const service = await startPageService({ examples: EXAMPLES }, issuer.env);
  await startPrefix(service.url, port);
  const page = await browser.newPage();
  await page.goto(`${url}#/certificates`);
  await page.getByRole('button', { name: /^Sign in at / }).click();
  await page.getByPlaceholder('Enter any login').fill('ada');
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('soon01').waitFor();
  expect(page.url()).toBe(`${url}#/certificates`);
});

test('behind a proxy that has credentials for the person, the page does not ask', async () => {
  const { key } = createApiKey('portal');
  const service = await startPageService(
    { examples: EXAMPLES },
    { AUTH: 'api-key', API_KEYS: apiKeyEntry('ada', key) },
  );
  const port = await freePort();
  await startPrefix(service.url, port, `proxy_set_header Authorization "Bearer ${key}";`);
  const url = `http://127.0.0.1:${port}/certway/`;
  const { page, complaints } = await openPage(await startBrowser(), { url }, '#/certificates');
  await page.getByText('soon01').waitFor();
  await page.getByRole('button', { name: 'ada' }).waitFor();
  expect(complaints).toEqual([]);
});

test('the HTML of the build has no script and no style of its own, and names nothing elsewhere', async () => {
  const { url } = await startPageService();
  const html = await (await fetch(new URL('/', url), { headers: { accept: 'text/html' } })).text();
  expect(html).toContain('<div id="root">');
  expect(html.match(/<script\b[^>]*>[^<]+/)).toBe(null);
  expect(html.match(/<style\b|\sstyle\s*=|\son\w+\s*=/i)).toBe(null);
  const urls = Array.from(html.matchAll(/\s(?:src|href)="([^"]*)"/g), ([, found]) => found);
  expect(urls.length).toBeGreaterThan(2);
  for (const address of urls) expect(address).toMatch(/^\.\//);
});
