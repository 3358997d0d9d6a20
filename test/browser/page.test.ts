import { expect, test } from 'vitest';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  NO_STREAMS,
  openPage,
  startBrowser,
  startService,
} from './support.ts';

const VIEWS = ['#/', '#/certificates', '#/generate', '#/nowhere'];

test('every view opens without a complaint of the browser, a request elsewhere or a fault of accessibility', async () => {
  const [service, browser] = await Promise.all([startService(NO_STREAMS), startBrowser()]);
  for (const view of VIEWS) {
    const { page, complaints, outside } = await openPage(browser, service, view);
    await page.waitForLoadState('networkidle');
    await expectNoAxeViolations(page);
    expect({ complaints, outside }, view).toEqual({ complaints: [], outside: [] });
    await page.close();
  }
});

test('every view fits into a window of 360 pixels', async () => {
  const [service, browser] = await Promise.all([startService(NO_STREAMS), startBrowser()]);
  for (const view of VIEWS) {
    const { page } = await openPage(browser, service, view, { width: 360 });
    await page.waitForLoadState('networkidle');
    await expectNoSidewaysScroll(page);
    await keepScreenshot(page, `narrow ${view.replaceAll(/\W/g, '')}`);
    await page.close();
  }
});
