import { describe, expect, test } from 'vitest';
import { idsIn, PLACES, PROD_EU, PROD_US, STAGING_EU, STAGING_US, startEverywhere } from './support.ts';

const SEEDS = { [PROD_EU]: 5, [PROD_US]: 0, [STAGING_EU]: 3, [STAGING_US]: 4 };
const ALL = PLACES.flatMap((place) => idsIn(place, SEEDS[place]));

const page = (args: string): string => `{ clientCertificates${args && `(${args})`} {
  nodes { clientCertificateId account accountId region }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  unavailable { account region }
} }`;

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId);

describe('plain pages', () => {
  test('walk account by account, region by region, in the configured order', async () => {
    const { query } = await startEverywhere({ seeds: SEEDS });
    const { data } = await query(page('first: 100'));
    expect(idsOf(data.clientCertificates)).toEqual(ALL);
    expect(data.clientCertificates).toMatchObject({ unavailable: [], pageInfo: { hasNextPage: false } });
    const prod = { account: 'prod', accountId: '111111111111' };
    expect(data.clientCertificates.nodes[0]).toMatchObject({ ...prod, region: 'eu-central-1' });
    const staging = { account: 'staging', accountId: '222222222222' };
    expect(data.clientCertificates.nodes.at(-1)).toMatchObject({ ...staging, region: 'us-east-1' });
  });

  test('cost one call within one of them, and one more for the next one at its end', async () => {
    const { query, countsOf } = await startEverywhere({ seeds: SEEDS });
    const pages: string[][] = [];
    const costs: object[] = [];
    let after = '';
    for (let hasNextPage = true; hasNextPage; ) {
      costs.push(
        await countsOf(async () => {
          const { data } = await query(page(`first: 2${after}`));
          const { pageInfo } = data.clientCertificates;
          pages.push(idsOf(data.clientCertificates));
          hasNextPage = pageInfo.hasNextPage;
          after = `, after: "${pageInfo.endCursor}"`;
        }),
      );
    }
    expect(pages).toEqual([
      ['a000', 'a001'],
      ['a002', 'a003'],
      ['a004', 'c000'],
      ['c001', 'c002'],
      ['d000', 'd001'],
      ['d002', 'd003'],
    ]);
    expect(costs).toEqual([
      { [PROD_EU]: 1 },
      { [PROD_EU]: 1 },
      { [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 },
      { [STAGING_EU]: 1, [STAGING_US]: 1 },
      { [STAGING_EU]: 1, [STAGING_US]: 1 },
      { [STAGING_US]: 1 },
    ]);
  });
});
