import { expect, test } from 'vitest';
import { openReplacement } from './replacement.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, failing, keepScreenshot } from './support.ts';

test('a certificate is replaced from the first step to the last, with a reload after each', async () => {
  const { page, button, stages, expectResults, generate, trust, pasteFingerprint, complaints, outside } =
    await openReplacement();
  await expectNoAxeViolations(page);
  await generate();
  await page.reload();
  await pasteFingerprint('new', '00:11');
  await page.getByText('This is not the fingerprint of the new certificate.').waitFor();
  await expectNoAxeViolations(page);
  expect(await page.getByRole('button', { name: /^Move/ }).count()).toBe(0);
  await trust('new');
  await button('Send a GET').waitFor();
  await page.reload();
  await button('Send a GET').click();
  await page.getByText(/The backend of Orders \/ prod answered with status 200 after \d+ ms/).waitFor();
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'replace-tested');
  await button('Move Orders / staging').click();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await expect.poll(() => stages('Stages with the old certificate').count()).toBe(2);
  await button('Move these 2 stages').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  await expectResults(/^Orders \/ prod\s+Moved$/, /^Orders \/ test\s+Moved$/);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'replace-moved');
  await page.reload();
  await page.getByLabel('Type old001 to delete it').fill('old001');
  await button('Delete it').click();
  await page.getByText('Stages that use it').first().waitFor();
  await expect
    .poll(() => page.getByRole('list', { name: 'Stages that use it' }).getByRole('listitem').count())
    .toBe(3);
  expect([complaints, outside]).toEqual([[], []]);
});

test('it goes back, also after a reload, once the backends are said to trust the old one', async () => {
  const { page, service, button, trust, pasteFingerprint, begin } = await openReplacement();
  await begin();
  await button('Move these 3 stages').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  await page.reload();
  await button('Back out').click();
  expect(await button('Move them back').count()).toBe(0);
  await pasteFingerprint('old', '00:11');
  await page.getByText('This is not the fingerprint of the old certificate.').waitFor();
  await trust('old');
  await expectNoAxeViolations(page);
  await button('Move them back').click();
  await page.getByText('0 of 3 stages', { exact: true }).waitFor();
  expect(service.calls.filter((operation) => operation === 'UpdateStage')).toHaveLength(6);
});

test('nothing is moved before the fingerprint is pasted, whoever moved stages before, and what is pasted is what is sent', async () => {
  const { page, button, trust, begin } = await openReplacement();
  const sent: string[] = [];
  page.on('request', (request) => {
    const body = request.postData() ?? '';
    if (body.includes('"operationName":"Move"'))
      sent.push(JSON.parse(body).variables.input.trustedFingerprintSha256);
  });
  await begin();
  const [, trusted] = /trusted=([0-9a-f]{64})$/.exec(page.url()) ?? [];
  expect(trusted).toBeDefined();
  await button('Move Orders / test').click();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await page.goto(page.url().replace(/\?.*/, ''));
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await page.getByText('They can be moved once the fingerprint above is confirmed.').waitFor();
  expect(await page.getByRole('button', { name: /^Move/ }).count()).toBe(0);
  await page.goto(`${page.url()}?trusted=${'0'.repeat(64)}`);
  await page.getByText('They can be moved once the fingerprint above is confirmed.').waitFor();
  await trust('new');
  await button('Move these 2 stages').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  expect(sent).toEqual([trusted, trusted, trusted]);
});

test('while stages are unread it is not done, and deleting is not offered', async () => {
  const { page, button, begin } = await openReplacement({ isUnread: true });
  await begin();
  await button('Move these 3 stages').click();
  await page.getByText('3 of 3 stages that are known', { exact: true }).waitFor();
  await page.getByText('Not all stages have been read yet').waitFor();
  await expectNoAxeViolations(page);
  expect(await page.getByLabel('Type old001 to delete it').count()).toBe(0);
  expect(await button('Back out').count()).toBe(1);
});

test('on a narrow screen nothing scrolls sideways', async () => {
  const { page, begin } = await openReplacement({ width: 360 });
  await begin();
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, 'replace-narrow');
});

test('with the keyboard one goes on where one was, though what had the focus is gone', async () => {
  const { page, button, generate, trust } = await openReplacement();
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const press = async (name: string) => {
    await button(name).focus();
    await page.keyboard.press('Enter');
  };
  await generate();
  await trust('new');
  await expect.poll(focused).toMatch(/^The backends trust /);
  await press('Move Orders / test');
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await expect.poll(focused).toMatch(/^Stages with the new certificate/);
  await press('Move these 2 stages');
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  await expect.poll(focused).toMatch(/^Stages with the new certificate/);
  await button('Back out').click();
  await trust('old');
  await expect.poll(focused).toBe('Move them back');
});

test('of the stages that still have the old one, the first is offered to be tested', async () => {
  const { page, button, begin } = await openReplacement();
  await begin();
  const stage = page.getByRole('button', { name: /^Stage / });
  await expect.poll(() => stage.innerText()).toBe('Orders / prod');
  await button('Move Orders / prod').click();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await expect.poll(() => stage.innerText()).toBe('Orders / staging');
});

test('where no stage has been read, nothing is said of their APIs, and none can be tested', async () => {
  const { page, generate, trust } = await openReplacement({
    isUnread: true,
    env: { STAGE_READS_PER_SECOND: '0' },
  });
  await generate();
  await trust('new');
  await page
    .getByText('No stage of a REST API is known to have the old one, so none can be tested.')
    .waitFor();
});

test('what a test has found says of which stage, and to download its log calls no backend once more', async () => {
  const { page, service, button, begin } = await openReplacement();
  await begin();
  await button('Send a GET').click();
  await page.getByText(/^The backend of Orders \/ prod answered with status 200 after \d+ ms$/).waitFor();
  await button("API Gateway's log").click();
  const download = page.waitForEvent('download');
  await button('Download the log of the test').click();
  await download;
  await button('Move Orders / prod').click();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await page.getByText(/^The backend of Orders \/ prod answered with status 200/).waitFor();
  expect(service.calls.filter((operation) => operation === 'TestInvokeMethod')).toHaveLength(1);
});

test('so does what a test has not found, also after another stage was chosen', async () => {
  const { page, button, begin } = await openReplacement();
  await begin();
  const choose = async (stage: string) => {
    await page.getByRole('button', { name: /^Stage / }).click();
    await page.getByRole('option', { name: stage }).click();
  };
  const path = page.getByLabel('Path', { exact: true });
  const isWrong = async () => (await path.getAttribute('aria-invalid')) === 'true';
  await path.fill('orders');
  await button('Send a GET').click();
  await expect.poll(isWrong).toBe(true);
  await choose('Orders / staging');
  await page.getByText('The backend of Orders / prod was not called').waitFor();
  expect(await isWrong()).toBe(false);
  await path.fill('');
  await failing(page, 'Test');
  await button('Send a GET').click();
  await page.getByText('It is not known what the backend of Orders / staging answered').waitFor();
  await choose('Orders / test');
  await page.getByText('It is not known what the backend of Orders / staging answered').waitFor();
  expect(await page.getByText('The backend of Orders / prod was not called').count()).toBe(0);
});
