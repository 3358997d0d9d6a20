import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { keepScreenshot, startBrowser, startService } from './support.ts';

const LIST = '{ clientCertificates { totalCount } }';
const GENERATE = 'mutation { generateClientCertificate(input: {}) { __typename } }';

/** The service, which allows pages of `portal.example`, and a browser that opens the same page from there and from elsewhere. */
async function start() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title><body></body>');
  });
  const { port } = new URL(await listen(server));
  onTestFinished(() => stop(server));
  const portal = `http://portal.example:${port}`;
  const [service, browser] = await Promise.all([startService({ CORS_ORIGINS: portal }), startBrowser()]);
  const openAt = async (origin: string): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(origin);
    return page;
  };
  return {
    ...service,
    openPortal: async () => openAt(portal),
    openOther: async () => openAt(`http://other.example:${port}`),
  };
}

/** The result of a query that a script of the page sends like a frontend. */
const ask = async (page: Page, url: string, query: string) =>
  page.evaluate(
    async ({ endpoint, body }) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(endpoint, { method: 'POST', headers, body }).catch(String);
      return typeof response === 'string'
        ? { failed: response }
        : { answer: await response.json(), requestId: response.headers.get('x-request-id') };
    },
    { endpoint: url, body: JSON.stringify({ query }) },
  );

test('a page of an allowed origin can query and change, and reads the request id', async () => {
  const { url, certificateIds, openPortal } = await start();
  const page = await openPortal();
  expect(await ask(page, url, LIST)).toEqual({
    answer: { data: { clientCertificates: { totalCount: 5 } } },
    requestId: expect.stringMatching(/./),
  });
  const { answer } = await ask(page, url, GENERATE);
  expect(answer.data.generateClientCertificate).toEqual({ __typename: 'GenerateClientCertificatePayload' });
  expect(await certificateIds()).toHaveLength(6);
});

test('a page of another origin can neither query nor change', async () => {
  const { url, certificateIds, openOther } = await start();
  const page = await openOther();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  const before = await certificateIds();
  for (const query of [LIST, GENERATE])
    expect(await ask(page, url, query)).toEqual({ failed: 'TypeError: Failed to fetch' });
  expect(complaints.join('\n')).toContain('blocked by CORS policy');
  expect(await certificateIds()).toEqual(before);
});

test('a script of another origin cannot change anything with plain text, which needs no preflight', async () => {
  const { url, certificateIds, openOther } = await start();
  const page = await openOther();
  const before = await certificateIds();
  const [response] = await Promise.all([
    page.waitForResponse(url),
    page.evaluate(
      async ({ endpoint, body }) => {
        await fetch(endpoint, { method: 'POST', mode: 'no-cors', body });
      },
      { endpoint: url, body: JSON.stringify({ query: GENERATE }) },
    ),
  ]);
  expect(response.status()).toBe(403);
  expect(await certificateIds()).toEqual(before);
});

/** Each kind of form, with a field; the plain text of the first is a JSON document. */
const FORMS = [
  ['text/plain', `{"query":"${GENERATE}","rest":"`, '"}'],
  ['application/x-www-form-urlencoded', 'query', GENERATE],
  ['multipart/form-data', 'query', GENERATE],
] as const;

test.for(FORMS)('no form of a page can change anything: %s', async ([enctype, name, value]) => {
  const { url, certificateIds, openPortal, openOther } = await start();
  const before = await certificateIds();
  for (const [page, status] of [
    [await openOther(), 403],
    [await openPortal(), 415],
  ] as const) {
    const [response] = await Promise.all([
      page.waitForResponse(url),
      page.evaluate(
        ({ action, field, ...form }) => {
          const element = Object.assign(document.createElement('form'), { action, method: 'post', ...form });
          element.append(Object.assign(document.createElement('input'), field));
          document.body.append(element);
          element.submit();
        },
        { action: url, enctype, field: { name, value } },
      ),
    ]);
    const request = response.request();
    expect(request.isNavigationRequest()).toBe(true);
    expect(await request.headerValue('content-type')).toContain(enctype);
    expect(response.status()).toBe(status);
  }
  expect(await certificateIds()).toEqual(before);
});

test('a foreign host name that resolves to the service is refused', async () => {
  const { url, openOther } = await start();
  const page = await openOther();
  const response = await page.goto(url.replace('127.0.0.1', 'evil.example'));
  expect(response?.status()).toBe(421);
  expect(await page.textContent('body')).toContain('HOST_REFUSED');
});

test('no page can show GraphiQL in a frame', async () => {
  const { url, openPortal } = await start();
  const page = await openPortal();
  const [message] = await Promise.all([
    page.waitForEvent('console', (candidate) => candidate.type() === 'error'),
    page.evaluate((src) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src }));
    }, url),
  ]);
  expect(message.text()).toMatch(/frame-ancestors|X-Frame-Options/);
  await keepScreenshot(page, 'framed');
});

test('GraphiQL opens from a link on a page of another origin', async () => {
  const { url, openOther } = await start();
  const page = await openOther();
  await page.evaluate((href) => {
    document.body.append(Object.assign(document.createElement('a'), { href, textContent: 'Certificates' }));
  }, url);
  await page.getByRole('link').click();
  await expect.poll(() => page.title()).toBe('Certway');
});
