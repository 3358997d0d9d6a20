import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, serveOn } from '../support/process.ts';
import { startNginx } from './nginx.ts';
import { expiringIn, startPageService } from './page-service.ts';
import { expectNoAxeViolations, openPage, startBrowser, untilDrawn } from './support.ts';

const SEEDS = {
  examples: [
    expiringIn(12, { id: 'used01', description: 'Payments backend', tags: { team: 'payments' } }),
    expiringIn(200, { id: 'free01', description: 'Nobody uses it' }),
  ],
  restApis: [
    { id: 'orders0001', name: 'Orders', stages: [{ stageName: 'prod', clientCertificateId: 'used01' }] },
  ],
};
const ONLY = { ONLY_TRUSTED_DOCUMENTS: 'true' };

/** What a page asks the service: the names of its operations, and whether the text came with them. */
function askedBy(page: Page): { name: string; hasText: boolean }[] {
  const asked: { name: string; hasText: boolean }[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/graphql')) return;
    const { operationName, query } = request.postDataJSON();
    asked.push({ name: operationName, hasText: query !== undefined });
  });
  return asked;
}

test('where only trusted documents are executed, every view works, and no text is sent', async () => {
  const [service, browser] = await Promise.all([startPageService(SEEDS, ONLY), startBrowser()]);
  const { page, complaints } = await openPage(browser, service, '#/nowhere');
  const asked = askedBy(page);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const heading = async (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  expect(await page.getByRole('link', { name: 'GraphiQL' }).count()).toBe(0);

  await page.getByRole('link', { name: 'What needs me' }).first().click();
  await page.getByRole('link', { name: 'Payments backend' }).first().waitFor();
  await page.getByRole('link', { name: 'All certificates' }).click();
  await heading('All certificates');
  await page.getByRole('link', { name: 'Payments backend', exact: true }).click();
  await heading('Payments backend');

  await page.getByLabel('Value of tag 1').fill('orders');
  await button('Save tags').click();
  await expect.poll(() => service.calls.includes('TagResource')).toBe(true);
  await button('Edit description').click();
  await page.getByRole('dialog').getByLabel('Description').fill('Orders backend');
  await button('Save').click();
  await heading('Orders backend');
  await page.getByRole('link', { name: 'Replace', exact: true }).click();
  await heading('Replace Orders backend');
  await page.getByRole('main').getByRole('link', { name: 'Generate', exact: true }).click();
  await button('Generate').click();
  await page.getByText(/was generated$/).waitFor();

  await page.getByRole('link', { name: 'All certificates' }).click();
  await heading('All certificates');
  await page.getByRole('link', { name: 'Nobody uses it', exact: true }).click();
  await button('Delete').click();
  await page.getByLabel('Type free01 to delete it').fill('free01');
  await button('Delete it').click();
  await heading('All certificates');
  await expect.poll(() => page.getByText('Nobody uses it').count()).toBe(0);

  const names = [
    'Overview',
    'Certificates',
    'Certificate',
    'Tag',
    'Describe',
    'Replacement',
    'Generate',
    'Delete',
  ];
  expect(asked.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  expect(asked.filter(({ hasText }) => hasText)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('where only trusted documents are executed, a key is asked for and tried', async () => {
  const { key } = createApiKey('portal');
  const env = { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', key), ...ONLY };
  const [service, browser] = await Promise.all([startPageService(SEEDS, env), startBrowser()]);
  const { page, complaints } = await openPage(browser, service, '#/certificates');
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('used01').waitFor();
  await page.getByRole('button', { name: 'portal' }).waitFor();
  expect(complaints).toEqual([]);
});

/** The page of one service, whose requests another one answers, which does not know its documents. */
async function openAtOther(env: Record<string, string>) {
  const [service, browser, port] = await Promise.all([startPageService(SEEDS), startBrowser(), freePort()]);
  const otherPort = `${await freePort()}`; // where another one may take its place
  const other = await serveOn(service.endpoint, { PORT: otherPort, PAGE: 'false', ...env });
  await startNginx(
    port,
    `proxy_set_header Host $http_host;
     location / { proxy_pass ${new URL('/', service.url)}; }
     location /graphql { proxy_pass ${other.url}; }`,
    '/health',
  );
  const { page } = await openPage(browser, { url: `http://127.0.0.1:${port}/` }, '#/nowhere');
  const asked = askedBy(page);
  await page.getByRole('link', { name: 'All certificates' }).click();
  /** From now on it is of the release of the page. */
  async function upgrade(): Promise<void> {
    await other.stop();
    await serveOn(service.endpoint, { PORT: otherPort, ...ONLY });
  }

  return { page, asked, upgrade };
}

const clientsFile = async () => {
  const file = `${await emptyFolder()}/documents.json`;
  await writeFile(file, JSON.stringify({ mine: '{ __typename }' }));
  return file;
};

test.each(['with documents of clients', 'without'])(
  'a service of another release, %s, gets the texts that it does not know',
  async (which) => {
    const env = which === 'without' ? {} : { TRUSTED_DOCUMENTS: await clientsFile() };
    const { page, asked } = await openAtOther(env);
    await page.getByRole('link', { name: 'Payments backend', exact: true }).click();
    await page.getByRole('button', { name: 'Edit description' }).click();
    await page.getByRole('dialog').getByLabel('Description').fill('Orders backend');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders backend' }).waitFor();
    expect(asked).toContainEqual({ name: 'Describe', hasText: true });
  },
);

test('one that executes only documents that it trusts is of another version, as the page says once', async () => {
  const { page } = await openAtOther({ ...ONLY, TRUSTED_DOCUMENTS: await clientsFile() });
  const refused = (name: string) =>
    page.waitForResponse((response) => {
      const { operationName, query } = response.request().postDataJSON() ?? {};
      return operationName === name && query !== undefined;
    });
  const refusals = [refused('Overview'), refused('ExpiryByMonth')];
  await page.getByText('The service has another version of the page.').waitFor();
  await page.getByRole('link', { name: 'What needs me' }).first().click();
  for (const refusal of refusals) await (await refusal).finished();
  await untilDrawn(page);
  expect(await page.getByText('The service has another version of the page.').count()).toBe(1);
  expect(await page.getByRole('button', { name: 'Load the page again' }).count()).toBe(1);
});

test('once a service of the same version answers, it says so no more, without a reload', async () => {
  const { page, upgrade } = await openAtOther({ ...ONLY, TRUSTED_DOCUMENTS: await clientsFile() });
  const said = page.getByText('The service has another version of the page.');
  await said.waitFor();
  await expectNoAxeViolations(page);
  await upgrade();
  await page.getByRole('link', { name: 'What needs me' }).first().click();
  await page.getByRole('link', { name: 'Payments backend' }).first().waitFor();
  expect(await said.count()).toBe(1); // nobody has asked again yet who is there
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => said.count()).toBe(0);
  expect(await page.getByText('It is not known what you may do').count()).toBe(0);
});

test('of a view that it has not been able to show, it says so as long as that is shown', async () => {
  const [service, browser] = await Promise.all([startPageService(SEEDS), startBrowser()]);
  const { page } = await openPage(browser, service, '#/certificates');
  const errors = [{ message: 'No', extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }];
  await page.route('**/graphql', (route) =>
    route.request().postDataJSON().operationName === 'Certificate'
      ? route.fulfill({ json: { errors } })
      : route.continue(),
  );
  const said = page.getByText('The service has another version of the page.');
  await page.getByRole('link', { name: 'Payments backend', exact: true }).click();
  await said.waitFor();
  await page.getByRole('link', { name: 'All certificates' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'All certificates' }).waitFor();
  await expect.poll(() => said.count()).toBe(0);
  await page.goBack();
  await said.waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Payments backend' }).waitFor();
  expect(await said.count()).toBe(0);
});
