import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { walk } from '../emulator/support.ts';
import { runs } from '../support/runs.ts';
import { examples, startService } from '../support/service.ts';

/** More certificates than two of AWS's pages can hold. */
const MANY = 1001;

/** The service with so many certificates, to which some are added. */
async function start(count: number, env = {}) {
  const service = await startService({ env, emulator: { quota: 5000, examples: examples(count) } });
  const generate = async () => {
    const { data } = await service.query(`mutation {
      generateClientCertificate(input: {}) {
        ... on GenerateClientCertificatePayload { clientCertificateEdge { cursor node { clientCertificateId } } }
      }
    }`);
    const { cursor, node } = data.generateClientCertificate.clientCertificateEdge;
    return { cursor: cursor as string, id: node.clientCertificateId as string };
  };
  const list = async (args: string) => {
    const { data, errors } = await service.query(
      `{ clientCertificates(${args}) { edges { cursor node { clientCertificateId } } pageInfo { hasNextPage hasPreviousPage } } }`,
    );
    const { edges = [], pageInfo } = data?.clientCertificates ?? {};
    const ids: string[] = edges.map(
      (edge: { node: { clientCertificateId: string } }) => edge.node.clientCertificateId,
    );
    return { ids, cursors: edges.map(({ cursor }: { cursor: string }) => cursor), pageInfo, errors };
  };
  return { ...service, generate, list };
}

test('the list continues after the cursor of a new certificate, wherever that is in the list', async () => {
  const { client, generate, list } = await start(MANY);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 500 }), async (first) => {
      const { cursor, id } = await generate();
      const all = await walk(client, 500);
      const place = all.indexOf(id);
      const page = await list(`first: ${first}, after: "${cursor}"`);
      expect(page.ids).toEqual(all.slice(place + 1, place + 1 + first));
      expect(page.pageInfo).toEqual({
        hasNextPage: place + 1 + first < all.length,
        hasPreviousPage: true,
      });
      const back = await list(`last: ${first}, before: "${cursor}"`);
      expect(back.ids).toEqual(all.slice(Math.max(0, place - first), place));
    }),
    { numRuns: runs(25) },
  );
});

test('a walk from the cursor of a new certificate returns each certificate after it once', async () => {
  const { client, generate, list } = await start(MANY);
  const { cursor, id } = await generate();
  const all = await walk(client, 500);
  const met: string[] = [];
  let after = cursor;
  for (let more = true; more; ) {
    const page = await list(`first: 200, after: "${after}"`);
    met.push(...page.ids);
    after = page.cursors.at(-1) ?? after;
    more = page.pageInfo.hasNextPage;
  }
  expect(met).toEqual(all.slice(all.indexOf(id) + 1));
});

test.for(['0', '10000'])(
  'with CACHE_TTL_MS=%s, the cursor is refused once the certificate is deleted',
  async (CACHE_TTL_MS) => {
    const { client, generate, list } = await start(501, { CACHE_TTL_MS });
    const { cursor, id } = await generate();
    await client.send(new DeleteClientCertificateCommand({ clientCertificateId: id }));
    for (const args of [`after: "${cursor}"`, `before: "${cursor}"`]) {
      const { errors } = await list(args);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({
        message: expect.stringMatching(
          /^(after|before): expected the cursor of a ClientCertificate that is in the list, got "/,
        ),
        extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [args.split(':')[0]] }] },
      });
    }
  },
);
