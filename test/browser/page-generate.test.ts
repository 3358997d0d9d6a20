import { expect, test } from 'vitest';
import { openGenerate } from './generate-page.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, keepScreenshot } from './support.ts';

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
    if (!route.request().postData()?.includes('"operationName":"Generate"')) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await generate.click();
  await page.getByText('It is not known whether a certificate was generated').waitFor();
  await page.unroute('**/graphql');
  await generate.click();
  await page.getByText(/^An earlier request has generated Lost/).waitFor();
  expect(service.calls.filter((call) => call === 'GenerateClientCertificate')).toHaveLength(1);
});

test('a complaint about the input stands at its field, and nothing reaches AWS', async () => {
  const { page, generate, made } = await openGenerate();
  const add = page.getByRole('button', { name: 'Add a tag' });
  await page.getByLabel('Description').fill('x'.repeat(1025));
  await add.click();
  await page.getByLabel('Key of tag 1').fill('team');
  await add.click();
  await page.getByLabel('Key of tag 2').fill('aws:mine');
  await add.click();
  await page.getByLabel('Key of tag 3').fill('stage');
  await page.getByLabel('Value of tag 3').fill('bad#value');
  await generate.click();
  await page.getByText(/1024.*1025/).waitFor();
  const wrong = () =>
    page
      .getByRole('main')
      .getByRole('textbox')
      .and(page.locator('[aria-invalid=true]'))
      .evaluateAll((fields) => fields.map((field) => field.getAttribute('aria-label') ?? 'Description'));
  await expect.poll(wrong).toEqual(['Description', 'Key of tag 2', 'Value of tag 3']);
  expect(await page.getByLabel('Key of tag 2').getAttribute('aria-describedby')).not.toBeNull();
  expect(await page.getByRole('group').filter({ hasText: 'aws:mine' }).count()).toBe(1);
  await keepScreenshot(page, 'generate-wrong-tags');
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Remove the tag team' }).click();
  await expect.poll(wrong).toEqual(['Description', 'Key of tag 1', 'Value of tag 2']);
  await page.getByLabel('Key of tag 1').fill('mine');
  await expect.poll(wrong).toEqual(['Description', 'Value of tag 2']);
  expect(made()).toBe(0);
});

test('after one there is a way to another, with a form that begins anew', async () => {
  const { page, generate, made } = await openGenerate();
  const description = page.getByLabel('Description');
  for (const name of ['One', 'One']) {
    expect(await description.inputValue()).toBe('');
    await description.fill(name);
    await generate.click();
    const said = page.getByText(/^One \(\w+\) was generated$/);
    await said.waitFor();
    await expectNoAxeViolations(page);
    const another = page.getByRole('link', { name: 'Generate another' });
    await another.focus();
    await another.press('Enter');
    await expect.poll(() => said.count()).toBe(0);
    await expect.poll(() => description.evaluate((field) => field === document.activeElement)).toBe(true);
  }
  expect(made()).toBe(2);
});

test('what was done has the focus, so that a keyboard goes on there', async () => {
  const { page } = await openGenerate();
  await page.getByLabel('Description').fill('By keyboard');
  await page.keyboard.press('Enter');
  await page.getByText(/^By keyboard \(\w+\) was generated$/).waitFor();
  await expect
    .poll(() => page.locator(':focus').allInnerTexts())
    .toEqual([expect.stringMatching(/was generated/)]);
});

test('to replace one, it is generated with the same tags, once', async () => {
  const { page, generate, made, go, hashToReplace } = await openGenerate();
  await go(await hashToReplace('old001'));
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
