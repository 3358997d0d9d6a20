import {
  type APIGatewayClient,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arnIn } from '../everywhere/places.ts';
import { idsIn, type Place, PROD_US, STAGING_EU, startEverywhere } from '../everywhere/support.ts';
import { runs } from '../support/runs.ts';
import { type Answer, examples, startService } from '../support/service.ts';

/** Of the 21 certificates of each account and region, every fifth has the tag: more lie between two than a cursor names. */
const COUNT = 21;
const tags = { team: 'walk' };
const hasTag = (_: unknown, index: number) => index % 5 === 0;
const createdDate = new Date(Date.now() - 86_400_000);
const seedsOf = (ids: string[]) => ids.map((id, i) => ({ id, createdDate, ...(hasTag(id, i) && { tags }) }));

type Found = { account: string | null; region: string; clientCertificateId: string };

/** A service, an SDK client for where a certificate is, and the ids of those with the tag, in AWS's order. */
type Started = {
  query(text: string, variables: object): Promise<Answer>;
  clientOf(found: Pick<Found, 'account' | 'region'>): APIGatewayClient;
  tagged: string[];
};

const STARTS: [how: string, start: () => Promise<Started>][] = [
  [
    'one account and region',
    async () => {
      const ids = examples(COUNT).map(({ id = '' }) => id);
      const { query, client } = await startService({ emulator: { quota: 1000, examples: seedsOf(ids) } });
      return { query, clientOf: () => client, tagged: ids.filter(hasTag) };
    },
  ],
  [
    'several',
    async () => {
      const [one, two] = [idsIn(PROD_US, COUNT), idsIn(STAGING_EU, COUNT)];
      const seeds = { [PROD_US]: { examples: seedsOf(one) }, [STAGING_EU]: { examples: seedsOf(two) } };
      const { query, clientIn } = await startEverywhere({ seeds });
      return {
        query,
        clientOf: ({ account, region }) => clientIn(`${account}/${region}` as Place),
        tagged: [...one.filter(hasTag), ...two.filter(hasTag)],
      };
    },
  ],
];

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ClientCertificateFilter) {
  clientCertificates(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    nodes { account region clientCertificateId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** What happens to the certificate of the cursor between two pages, or besides it. */
type Change = 'delete' | 'untag' | 'generate' | 'nothing';

/** The ids of all pages, in their order. What is changed has been seen, so that all are seen once. */
async function walk({ query, clientOf }: Started, size: number, isBackward: boolean, changes: Change[]) {
  const seen: string[] = [];
  const filter = { tags: [{ key: 'team', value: 'walk' }] };
  let cursor: string | null = null;
  for (let pages = 0, more = true; more; pages += 1) {
    expect(pages).toBeLessThan(50); // the walk ends
    const args = isBackward ? { last: size, before: cursor } : { first: size, after: cursor };
    const { data, errors } = await query(PAGE, { ...args, filter });
    expect(errors).toBeUndefined();
    const { nodes, pageInfo } = data.clientCertificates;
    seen.push(...nodes.map(({ clientCertificateId }: Found) => clientCertificateId));
    more = isBackward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    cursor = isBackward ? pageInfo.startCursor : pageInfo.endCursor;
    await make(changes[pages % changes.length], isBackward ? nodes[0] : nodes.at(-1));
  }
  return seen;

  async function make(change: Change | undefined, found: Found): Promise<void> {
    const { clientCertificateId, region } = found;
    const resourceArn = arnIn(`/${region}` as Place, clientCertificateId);
    const client = clientOf(found);
    if (change === 'delete') await client.send(new DeleteClientCertificateCommand({ clientCertificateId }));
    if (change === 'untag') await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    if (change === 'generate') await client.send(new GenerateClientCertificateCommand({}));
  }
}

/** Pages from the end come in the list's order. */
const inPages = (ids: string[], size: number): string[] =>
  Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => {
    const to = ids.length - i * size;
    return ids.slice(Math.max(0, to - size), to);
  }).flat();

const expected = ({ tagged }: Started, size: number, isBackward: boolean): string[] =>
  isBackward ? inPages(tagged, size) : tagged;

const WAYS = [false, true].flatMap((isBackward) =>
  STARTS.map(([how, start]) => [isBackward ? 'backward' : 'forward', how, isBackward, start] as const),
);

test.for(WAYS.flatMap((way) => (['delete', 'untag'] as const).map((change) => [change, ...way] as const)))(
  'after a %s of the cursor’s certificate, a filtered walk %s goes on where it was, with %s',
  async ([change, , , isBackward, start]) => {
    const started = await start();
    expect(await walk(started, 2, isBackward, [change])).toEqual(expected(started, 2, isBackward));
  },
);

test.for(WAYS)(
  'a filtered walk %s gives everything once, whatever changes, with %s',
  async ([, , isBackward, start]) => {
    const change = fc.constantFrom<Change>('delete', 'untag', 'generate', 'nothing');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async (size, changes) => {
          const started = await start();
          const seen = await walk(started, size, isBackward, changes);
          expect(seen).toEqual(expected(started, size, isBackward));
        },
      ),
      { numRuns: runs(20) },
    );
  },
);
