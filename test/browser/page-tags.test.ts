import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { openCertificate } from './certificate-page.ts';
import { DENIED } from './replacement.ts';
import { expectNoAxeViolations, keepScreenshot } from './support.ts';

/** The names of the fields that are marked as wrong. */
const wrongFields = (page: Page) =>
  page
    .getByRole('textbox')
    .and(page.locator('[aria-invalid=true]'))
    .evaluateAll((fields) => fields.map((field) => field.getAttribute('aria-label')));

test('tags are added, changed and removed, and only that is sent', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  await page.getByLabel('Value of tag 2').fill('platform');
  await page.getByRole('button', { name: 'Remove the tag old' }).click();
  await button('Add a tag').click();
  await page.getByLabel('Key of tag 2').fill('team');
  await page.getByText('This key is there twice.').first().waitFor();
  await expect.poll(() => button('Save tags').isDisabled()).toBe(true);
  await page.getByLabel('Key of tag 2').fill('stage');
  await page.getByLabel('Value of tag 2').fill('bad#value');
  await button('Save tags').click();
  await expect.poll(() => wrongFields(page)).toEqual(['Value of tag 2']);
  await expectNoAxeViolations(page);
  expect(await page.getByText('The tags were not saved').count()).toBe(0);
  await page.getByLabel('Value of tag 2').fill('prod');
  service.calls.length = 0;
  await button('Save tags').click();
  await expect
    .poll(() => service.calls.filter((call) => /tagResource/i.test(call)).toSorted())
    .toEqual(['TagResource', 'UntagResource']);
  await page.reload();
  await expect.poll(() => page.getByLabel('Value of tag 1').inputValue()).toBe('prod');
});

test('a complaint stands at the tag that it is about, though only what was changed is sent', async () => {
  const { page, button } = await openCertificate('Payments backend');
  await button('Add a tag').click();
  await page.getByLabel('Key of tag 3').fill('aws:mine');
  await button('Save tags').click();
  await expect.poll(() => wrongFields(page)).toEqual(['Key of tag 3']);
  await page.getByRole('group').filter({ hasText: 'expected no key that starts with aws:' }).waitFor();
  await keepScreenshot(page, 'certificate-wrong-tags');
  await page.getByRole('button', { name: 'Remove the tag old' }).click();
  await expect.poll(() => wrongFields(page)).toEqual(['Key of tag 2']);
  await button('Reset').click();
  await expect.poll(() => page.getByLabel('Key of tag 3').count()).toBe(0);
  await expect.poll(() => wrongFields(page)).toEqual([]);
});

test('a tag that is removed leaves the focus at the next one, or at the button that adds', async () => {
  const { page } = await openCertificate('Payments backend');
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    );
  const remove = async (key: string) => {
    await page.getByRole('button', { name: `Remove the tag ${key}` }).focus();
    await page.keyboard.press('Enter');
  };
  await remove('team');
  await expect.poll(focused).toBe('Remove the tag old');
  await remove('old');
  await expect.poll(focused).toBe('Add a tag');
});

test('what was saved stays in its fields until it has been read again', async () => {
  const { page, button } = await openCertificate('Payments backend');
  const value = page.getByLabel('Value of tag 2');
  const readAgain = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await value.fill('platform');
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"operationName":"Certificate"')) return route.continue();
    asked.resolve();
    await readAgain.promise;
    return route.continue();
  });
  await button('Save tags').click();
  await asked.promise;
  await expect.poll(() => button('Save tags').isDisabled()).toBe(true);
  expect(await value.inputValue()).toBe('platform');
  readAgain.resolve();
  await page.unroute('**/graphql');
  await expect.poll(() => value.inputValue()).toBe('platform');
});

test('what AWS throttles says so where it was tried, with a request id, until something is saved', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  const error = new AwsError(429, 'TooManyRequestsException', 'Too Many Requests');
  service.fail((operation) => (operation === 'TagResource' ? { kind: 'error', error } : undefined));
  await page.getByLabel('Value of tag 2').fill('platform');
  await button('Save tags').click();
  await page.getByText('It is not known whether the tags were saved').waitFor({ timeout: 60_000 });
  await page.getByText(/Request id: \S+/).waitFor();
  expect(await page.getByLabel('Value of tag 2').inputValue()).toBe('platform');
  await page.getByLabel('Value of tag 2').fill('payments');
  await page.getByRole('button', { name: 'Remove the tag old' }).click();
  await button('Save tags').click();
  await expect.poll(() => service.calls.includes('UntagResource')).toBe(true);
  await expect.poll(() => page.getByText(/tags were (not )?saved/).count()).toBe(0);
});

test('where only reading the certificate again fails, nothing says that its tags were not saved', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  service.fail((operation) => (operation.startsWith('Get') ? { kind: 'error', error: DENIED } : undefined));
  await page.getByLabel('Value of tag 2').fill('platform');
  await button('Save tags').click();
  await page.getByText('The certificate could not be read').waitFor();
  await expect.poll(() => button('Save tags').isDisabled()).toBe(true);
  expect(await page.getByLabel('Value of tag 2').inputValue()).toBe('platform');
  expect(await page.getByText(/tags were (not )?saved/).count()).toBe(0);
});

test('where the answer is lost, it is not known whether the tags were saved', async () => {
  const { page, button } = await openCertificate('Payments backend');
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"operationName":"Tag"')) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.getByLabel('Value of tag 2').fill('platform');
  await button('Save tags').click();
  await page.getByText('It is not known whether the tags were saved').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Value of tag 2').inputValue()).toBe('platform');
});

test('where new tags were saved and the removal of others is refused, not all were saved', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  const error = new AwsError(409, 'ConflictException', 'Another change is under way');
  service.fail((operation) => (operation === 'UntagResource' ? { kind: 'error', error } : undefined));
  await page.getByLabel('Value of tag 2').fill('platform');
  await page.getByRole('button', { name: 'Remove the tag old' }).click();
  await button('Save tags').click();
  await page.getByText('Not all tags were saved').waitFor();
  await expectNoAxeViolations(page);
  await button('Reset').click();
  await expect.poll(() => page.getByLabel('Value of tag 2').inputValue()).toBe('platform');
});
