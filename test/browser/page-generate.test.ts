import { expect, test } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { expiringIn, startPageService } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  openPage,
  type PageOptions,
  startBrowser,
} from './support.ts';

const SEEDS: EmulatorOptions = {
  examples: [expiringIn(12, { id: 'old001', description: 'Payments backend', tags: { team: 'payments' } })],
};

async function openGenerate(hash = '#/generate', options: PageOptions = {}, env = {}) {
  const [service, browser] = await Promise.all([startPageService(SEEDS, env), startBrowser()]);
  const opened = await openPage(browser, service, hash, options);
  const { page } = opened;
  const generate = page.getByRole('button', { name: 'Generate', exact: true });
  await page.getByLabel('Description').waitFor();
  const made = () => service.calls.filter((call) => call === 'GenerateClientCertificate').length;
  return { service, generate, made, ...opened };
}

test('a certificate is generated with its description and tags, and leads to its view', async () => {
  const { page, generate, made, complaints } = await openGenerate();
  await page.getByLabel('Description').fill('Orders backend');
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByLabel('Key of tag 1').fill('team');
  await page.getByLabel('Value of tag 1').fill('orders');
  await keepScreenshot(page, 'generate');
  await expectNoAxeViolations(page);
  await generate.click();
  await page.getByText(/^Orders backend \(\w+\) was generated$/).waitFor();
  await page.getByRole('link', { name: 'Show it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Orders backend' }).waitFor();
  expect(made()).toBe(1);
  expect(complaints).toEqual([]);
});

test('a second click makes no second certificate', async () => {
  const { page, generate, made } = await openGenerate();
  await page.getByLabel('Description').fill('Twice');
  await generate.dblclick();
  await page.getByText(/^Twice \(\w+\) was generated$/).waitFor();
  expect(made()).toBe(1);
});

test('after an answer that was lost, trying again finds what was made', async () => {
  const { page, service, generate } = await openGenerate();
  await page.getByLabel('Description').fill('Lost');
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('mutation Generate')) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await generate.click();
  await page.getByText('No certificate is known to be generated').waitFor();
  await page.unroute('**/graphql');
  await generate.click();
  await page.getByText(/^An earlier request has generated Lost/).waitFor();
  expect(service.calls.filter((call) => call === 'GenerateClientCertificate')).toHaveLength(1);
});

test('a complaint about the input stands at its field, and nothing reaches AWS', async () => {
  const { page, generate, made } = await openGenerate();
  await page.getByLabel('Description').fill('x'.repeat(1025));
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByLabel('Key of tag 1').fill('aws:mine');
  await generate.click();
  await page.getByText(/1024.*1025/).waitFor();
  await page.getByText(/aws:/).first().waitFor();
  await expectNoAxeViolations(page);
  expect(made()).toBe(0);
});

test('to replace one, it is generated with the same tags, once', async () => {
  const { page, service, generate, made } = await openGenerate();
  const link = await page.evaluate(async () => {
    const query = '{ clientCertificates { nodes { id } } }';
    const response = await fetch('graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()).data.clientCertificates.nodes[0].id;
  });
  await page.goto(`${service.url.replace(/graphql$/, '')}#/generate?replaces=${encodeURIComponent(link)}`);
  await page.getByText('It is to replace Payments backend').waitFor();
  await expect.poll(() => page.getByLabel('Value of tag 1').inputValue()).toBe('payments');
  await generate.click();
  await page.getByRole('link', { name: 'Go on replacing' }).click();
  await page.getByRole('heading', { level: 1, name: 'Replace Payments backend' }).waitFor();
  await page.goBack();
  await generate.click();
  await page.getByText(/^An earlier request has generated/).waitFor();
  expect(made()).toBe(1);
});

test('where there are several regions it asks for one', async () => {
  const { page, generate } = await openGenerate('#/generate', {}, { AWS_REGIONS: 'us-east-1,eu-central-1' });
  await expect.poll(() => generate.isDisabled()).toBe(true);
  await page.getByLabel('Where').click();
  await page.getByRole('option', { name: 'eu-central-1' }).click();
  await generate.click();
  await page.getByRole('link', { name: 'Show it' }).click();
  await page.getByText('eu-central-1', { exact: true }).first().waitFor();
});

test('on a narrow screen nothing scrolls sideways', async () => {
  const { page } = await openGenerate('#/generate', { width: 360 });
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await expectNoSidewaysScroll(page);
});
