import { expect, test } from 'vitest';
import { createApiKey } from '../../src/api-key.ts';
import { openGraphiQL } from './graphiql-page.ts';
import { keepScreenshot, startBrowser, startService } from './support.ts';

test('a person puts an API key into the headers, and the browser keeps it nowhere', async () => {
  const { key, entry } = createApiKey('portal');
  const service = await startService({ AUTH: 'api-key', API_KEYS: entry });
  const browser = await startBrowser();
  const { page, press, result, run, writeInto } = await openGraphiQL(browser, service.url);
  await expect.poll(result).toContain('UNAUTHENTICATED');
  await keepScreenshot(page, 'no-credentials');
  expect(await run()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });

  await press('Headers');
  await writeInto('Headers', `{ "authorization": "Bearer ${key}" }`);
  await press(/^Re-fetch GraphQL schema/);
  const { data } = await run();
  expect(data.clientCertificates.edges).toHaveLength(5);
  await expect.poll(result).toContain('"clientCertificates"');
  await keepScreenshot(page, 'credentials');
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, document.cookie, location.href]),
  );
  expect(kept).toContain('tabState');
  expect(kept).not.toContain(key);
});
