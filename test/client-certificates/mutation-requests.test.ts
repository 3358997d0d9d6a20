import { expect, test } from 'vitest';
import { startService } from '../support/service.ts';

test('a generate sends the given fields and no others', async () => {
  const { accountRegion, query } = await startService();
  const bodies: unknown[] = [];
  accountRegion.client.middlewareStack.add(
    (next) => async (args) => {
      bodies.push(JSON.parse((args.request as { body: string }).body));
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
  const generate = (input: string) =>
    query(`mutation { generateClientCertificate(input: ${input}) { __typename } }`);
  await generate('{}');
  await generate('{ description: "" }');
  await generate('{ description: "Orders", tags: [{ key: "team", value: "" }] }');
  expect(bodies).toEqual([{}, {}, { description: 'Orders', tags: { team: '' } }]);
});
