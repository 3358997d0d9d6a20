import { expect, test } from 'vitest';
import { EXAMPLE_OPERATIONS } from '../../src/edge/example-operations.ts';
import { createSchema } from '../../src/schema/index.ts';
import { openGraphiQL } from './graphiql-page.ts';
import { keepScreenshot, startBrowser, startService } from './support.ts';

const NAMES = EXAMPLE_OPERATIONS.map((operation) => /^(?:query|mutation) (\w+)/m.exec(operation)?.[1] ?? '');

/** GraphiQL on a service of its own. */
async function start(env: Record<string, string> = {}) {
  const [service, browser] = await Promise.all([startService(env), startBrowser()]);
  return { ...service, ...(await openGraphiQL(browser, service.url)) };
}

test('it runs every example with the network closed, and a person sees the answer', async () => {
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

test('it is as a person left it after a reload', async () => {
  const { page, openTab, operation } = await start();
  await openTab('HowMany');
  await page.reload();
  await expect.poll(operation).toContain('query HowMany {');
  expect((await page.getByRole('tab').allInnerTexts()).map((name) => name.trim())).toEqual(NAMES);
});

test('what it generates is there for the AWS API', async () => {
  const { certificateIds, openTab, run } = await start();
  const before = await certificateIds();
  await openTab('Generate');
  const { data } = await run();
  const { clientCertificateId } = data.generateClientCertificate.clientCertificate;
  expect(before).not.toContain(clientCertificateId);
  expect(await certificateIds()).toEqual([...before, clientCertificateId].toSorted());
});

test('it completes a field, and what was completed runs', async () => {
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

test('it shows an error: what was expected, what was got, and its code', async () => {
  const { page, result, run, writeOperation } = await start();
  await writeOperation('{ clientCertificate(id: "no such id") { id } }');
  const { errors } = await run();
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  await expect.poll(result).toMatch(/"code": "BAD_USER_INPUT"/);
  expect(await result()).toMatch(/"message": "id: expected .* got \\"no such id\\""/);
  await keepScreenshot(page, 'error');
});

test('it marks a field that is not there before anything is sent', async () => {
  const { page, writeOperation } = await start();
  await writeOperation('{ clientCertificates { nodes { expires } } }');
  await page.locator('.squiggly-error').first().waitFor();
  await keepScreenshot(page, 'unknown-field');
});

test('a mutation that fails shows why, as data', async () => {
  const { page, certificateIds, result, run, writeOperation } = await start();
  const before = await certificateIds();
  await writeOperation(
    'mutation { deleteClientCertificate(input: { id: "zzzzzz" }) { ... on Error { code message } } }',
  );
  const { data, errors } = await run();
  expect(errors).toBeUndefined();
  expect(data.deleteClientCertificate).toMatchObject({ code: 'NOT_FOUND' });
  await expect.poll(result).toMatch(/"code": "NOT_FOUND"/);
  await keepScreenshot(page, 'not-found');
  expect(await certificateIds()).toEqual(before);
});
