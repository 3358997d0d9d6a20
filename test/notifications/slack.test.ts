import { expect, test } from 'vitest';
import { until } from '../support/sharing.ts';
import { startReceiver } from './receiver.ts';
import { expiringIn, startTelling } from './support.ts';

async function textsFor(
  ...examples: NonNullable<Parameters<typeof startTelling>[0]['emulator']>['examples'] & {}
) {
  const receiver = await startReceiver();
  const { tell } = await startTelling({
    webhooks: `${receiver.url}/services/T/B/x format=slack`,
    emulator: { examples },
  });
  await tell();
  await until(() => expect(receiver.received).not.toEqual([]));
  return receiver.bodies().map(({ text }: { text: string }) => text);
}

test('a certificate is a line, and its description cannot mention anybody', async () => {
  const description = '<!channel> & payments';
  expect(await textsFor({ ...expiringIn(6, 'c1'), description })).toEqual([
    ':large_yellow_circle: Client certificate c1 (&lt;!channel&gt; &amp; payments) in us-east-1 expires in 5 days: ' +
      '2026-12-05 11:00 UTC, not known to be used: not all stages were read',
  ]);
});

test('many certificates are one message, the one that expires next first', async () => {
  const [text, ...others] = await textsFor(
    ...[6, 5, 4, 3, 2, 1, -1].map((days) => expiringIn(days, `c${days + 1}`)),
  );
  expect(others).toEqual([]);
  expect(text?.split('\n')).toEqual([
    '*7 client certificates need care*',
    ...[
      'c0 in us-east-1 has expired',
      'c2 in us-east-1 expires within a day',
      'c3 in us-east-1 expires in 1 day',
      ...[2, 3, 4, 5].map((days) => `c${days + 2} in us-east-1 expires in ${days} days`),
    ].map((words) => expect.stringContaining(`Client certificate ${words}: `)),
  ]);
});

test('a long description is cut off between two characters, never in the middle of one', async () => {
  const description = `${'x'.repeat(79)}😀😀`;
  const [text = ''] = await textsFor({ ...expiringIn(6, 'c1'), description });
  expect(text).toContain(`c1 (${'x'.repeat(79)}…) in us-east-1`);
  const [whole = ''] = await textsFor({ ...expiringIn(6, 'c1'), description: `${'x'.repeat(78)}😀😀` });
  expect(whole).toContain(`c1 (${'x'.repeat(78)}😀…) in us-east-1`);
});

test('as many descriptions of 1024 characters as a message has are shorter than the 40,000 that Slack shows', async () => {
  const description = '&'.repeat(1024);
  const [text = ''] = await textsFor(
    ...Array.from({ length: 100 }, (_, i) => ({ ...expiringIn(6, `c${i}`), description })),
  );
  expect(text.split('\n')).toHaveLength(51);
  expect(text.length).toBeLessThan(40_000);
});
