import { expect, test } from 'vitest';
import { openCertificate } from './certificate-page.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  holding,
  keepScreenshot,
  untilDrawn,
} from './support.ts';

test('a certificate that is used is deleted only by those who say so twice', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  await button('Delete').click();
  const typed = page.getByLabel('Type used01 to delete it');
  await typed.fill('used0');
  await expect.poll(() => button('Delete it').isDisabled()).toBe(true);
  await typed.fill('used01');
  await button('Delete it').click();
  const dialog = page.getByRole('dialog');
  await expect
    .poll(() => dialog.getByRole('list', { name: 'Stages that use it' }).innerText())
    .toMatch(/Orders \/ prod/);
  await dialog.getByText('1 stage uses it').waitFor();
  expect(await dialog.innerText()).not.toMatch(/evenIfUsed|`/);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'certificate-in-use');
  await dialog.getByText('Delete it all the same').click();
  await button('Delete although it may be used').click();
  await expect.poll(() => service.calls.includes('DeleteClientCertificate')).toBe(true);
});

test('while not all stages have been read, it says so in plain words', async () => {
  const { page, button } = await openCertificate(
    'Nobody uses it',
    { width: 360 },
    { STAGE_READS_PER_SECOND: '0' },
  );
  await button('Delete').click();
  await page.getByLabel('Type free01 to delete it').fill('free01');
  await button('Delete it').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It is not known yet whether a stage uses it').waitFor();
  expect(await dialog.innerText()).not.toMatch(/evenIfUsed|`/);
  await keepScreenshot(page, 'certificate-maybe-in-use');
  await expectNoAxeViolations(page);
  await expectNoSidewaysScroll(page);
});

test('from the refusal one comes to replacing it', async () => {
  const { page, button } = await openCertificate('Payments backend');
  await button('Delete').click();
  await page.getByLabel('Type used01 to delete it').fill('used01');
  await button('Delete it').click();
  await page.getByRole('dialog').getByRole('link', { name: 'Replace it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Replace Payments backend' }).waitFor();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

test('a certificate that nobody uses is deleted, and the table has it no more', async () => {
  const { page, button } = await openCertificate('Nobody uses it');
  await button('Delete').click();
  await page.getByLabel('Type free01 to delete it').fill('free01');
  await button('Delete it').click();
  await page.getByRole('heading', { level: 1, name: 'All certificates' }).waitFor();
  await page.getByText('Payments backend').first().waitFor();
  await expect.poll(() => page.getByText('Nobody uses it').count()).toBe(0);
});

test('who has gone elsewhere before the answer comes stays there', async () => {
  const { page, button } = await openCertificate('Nobody uses it');
  const go = await holding(page, 'Delete');
  await button('Delete').click();
  await page.getByLabel('Type free01 to delete it').fill('free01');
  await button('Delete it').click();
  await button('Cancel').click();
  await page.getByRole('link', { name: 'Generate', exact: true }).click();
  await page.getByLabel('Description').fill('A new one');
  const answered = page.waitForResponse(
    (response) => response.request().postData()?.includes('"operationName":"Delete"') === true,
  );
  go();
  await (await answered).finished();
  await untilDrawn(page);
  expect(await page.getByLabel('Description').inputValue()).toBe('A new one');
});
