import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createSchema } from '../../src/graphql/schema/index.ts';
import { EXAMPLE_OPERATIONS } from '../../src/web/example-operations.ts';
import { openGraphiQL } from './graphiql-page.ts';
import { keepScreenshot, startBrowser, startService } from './support.ts';

const NAMES = EXAMPLE_OPERATIONS.map((operation) => /^(?:query|mutation) (\w+)/m.exec(operation)?.[1] ?? '');

const tabNames = async (page: Page) =>
  (await page.getByRole('tab').allInnerTexts()).map((name) => name.trim());

/** GraphiQL on its own service. */
async function start(env: Record<string, string> = {}) {
  const [service, browser] = await Promise.all([startService(env), startBrowser()]);
  return { ...service, browser, ...(await openGraphiQL(browser, service.url)) };
}

test('it runs every example without a network, and a person sees the response', async () => {
  const { page, complaints, outside, openTab, result, run } = await start();
  await expect.poll(() => page.title()).toBe('Certway');
  const tabs = page.getByRole('tab');
  await expect.poll(() => tabs.count()).toBe(NAMES.length);
  for (const name of NAMES) {
    await openTab(name);
    const { data, errors } = await run();
    expect(errors, name).toBeUndefined();
    const [field = ''] = Object.keys(data);
    expect(data[field], name).toBeInstanceOf(Object);
    await expect.poll(result).toContain(`"${field}"`);
    expect(await result()).not.toContain('"errors"');
    await keepScreenshot(page, `example-${name}`);
  }
  expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
});

test('after a reload it is as the person left it', async () => {
  const { page, openTab, operation } = await start();
  await openTab('HowMany');
  await page.waitForFunction(
    (index) => JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}').activeTabIndex === index,
    NAMES.indexOf('HowMany'),
  );
  await page.reload();
  await expect.poll(operation).toContain('query HowMany {');
  expect(await tabNames(page)).toEqual(NAMES);
});

/** Resolves once the content of the page is stored for the next visit, which takes a moment. */
const untilKept = async (page: Page, text: string) =>
  page.waitForFunction((part) => localStorage.getItem('graphiql:tabState')?.includes(part), text);

test('a second visit has the tabs of the first, and no others', async () => {
  const { browser, page, url } = await start();
  await untilKept(page, 'WhatExpiresNext');
  await page.close();
  for (const visit of ['second', 'third']) {
    const again = await openGraphiQL(browser, url);
    expect(await tabNames(again.page), visit).toEqual(NAMES);
    await untilKept(again.page, 'WhatExpiresNext');
    await keepScreenshot(again.page, `${visit}-visit`);
    await again.page.close();
  }
});

test('a second visit opens the person’s tab that was open last, with its variables', async () => {
  const { browser, page, url, press, writeInto, writeOperation } = await start();
  await writeOperation('query Mine($id: ID!) { clientCertificate(id: $id) { description } }');
  await press('Variables');
  await writeInto('Variables', '{ "id": "d4e5f6" }');
  await untilKept(page, 'd4e5f6');
  await page.close();
  const again = await openGraphiQL(browser, url, 'query Mine');
  expect(await tabNames(again.page)).toEqual([...NAMES, 'Mine']);
  expect(await again.run()).toEqual({ data: { clientCertificate: { description: 'Orders backend' } } });
});

test('a link with a query opens it in a tab of its own, once', async () => {
  const { browser, page, url } = await start();
  await untilKept(page, 'WhatExpiresNext');
  await page.close();
  for (const visit of ['first', 'second']) {
    const linked = await openGraphiQL(browser, `${url}?query=query Linked { __typename }`, 'query Linked');
    expect(await tabNames(linked.page), visit).toEqual([...NAMES, 'Linked']);
    await untilKept(linked.page, 'Linked');
    await linked.page.close();
  }
});

test('a certificate that it generates exists in the AWS API', async () => {
  const { certificateIds, openTab, run } = await start();
  const before = await certificateIds();
  await openTab('Generate');
  const { data } = await run();
  const { clientCertificateId } = data.generateClientCertificate.clientCertificate;
  expect(before).not.toContain(clientCertificateId);
  expect(await certificateIds()).toEqual([...before, clientCertificateId].toSorted());
});

test('it completes a field, and the completed operation runs', async () => {
  const { page, complaints, operation, result, run, writeOperation } = await start();
  await writeOperation('{ ');
  await page.keyboard.type('clientCerti', { delay: 20 });
  const suggestion = page.getByRole('option', { name: 'clientCertificates' });
  await suggestion.waitFor();
  await keepScreenshot(page, 'completion');
  await suggestion.click();
  await page.keyboard.insertText(' { totalCount } }');
  await expect.poll(operation).toContain('{ clientCertificates { totalCount }');
  expect(await run()).toEqual({ data: { clientCertificates: { totalCount: 5 } } });
  await expect.poll(result).toMatch(/"totalCount": 5/);
  expect(complaints).toEqual([]);
});

test('it shows the documentation, from the queries down to a field', async () => {
  const { page, complaints, docs, outside, press } = await start();
  await press('Show Documentation Explorer');
  const follow = async (link: string) => docs.getByRole('link', { name: link, exact: true }).first().click();
  await follow('Query');
  const schema = createSchema();
  const { clientCertificate } = schema.getQueryType()?.getFields() ?? {};
  await expect.poll(() => docs.innerText()).toContain(clientCertificate?.description);
  await follow('ClientCertificate');
  await expect.poll(() => docs.innerText()).toContain(schema.getType('ClientCertificate')?.description);
  await keepScreenshot(page, 'documentation');
  await follow('status');
  await expect.poll(() => docs.innerText()).toContain('Whether it needs to be replaced.');
  expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
});

test('it shows an error, with the expected value, the actual value and the code', async () => {
  const { page, result, run, writeOperation } = await start();
  await writeOperation('{ clientCertificate(id: "no such id") { id } }');
  const { errors } = await run();
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  await expect.poll(result).toMatch(/"code": "BAD_USER_INPUT"/);
  expect(await result()).toMatch(/"message": "id: expected .* got \\"no such id\\""/);
  await keepScreenshot(page, 'error');
});

test('it marks an unknown field before anything is sent', async () => {
  const { page, writeOperation } = await start();
  await writeOperation('{ clientCertificates { nodes { expires } } }');
  await page.locator('.squiggly-error').first().waitFor();
  await keepScreenshot(page, 'unknown-field');
});

test('a mutation that fails shows why, as data', async () => {
  const { page, certificateIds, result, run, writeOperation } = await start();
  const before = await certificateIds();
  await writeOperation(
    'mutation { deleteClientCertificate(input: { id: "zzzzzz", evenIfUsed: true }) { ... on Error { code message } } }',
  );
  const { data, errors } = await run();
  expect(errors).toBeUndefined();
  expect(data.deleteClientCertificate).toMatchObject({ code: 'NOT_FOUND' });
  await expect.poll(result).toMatch(/"code": "NOT_FOUND"/);
  await keepScreenshot(page, 'not-found');
  expect(await certificateIds()).toEqual(before);
});
