import { expect, test } from 'vitest';
import { startCrawlingEverywhere } from './crawling.ts';
import { globalIdIn, withIds } from './places.ts';
import { PROD_EU, STAGING_EU } from './support.ts';

const NAMES = ['blue', 'dev', 'green', 'prod', 'test'];

/** A certificate with this id and an API with these stages are in two accounts, so that ids do not tell where a stage is. */
const used = {
  ...withIds('both'),
  restApis: [
    { id: 'r000', stages: NAMES.map((stageName) => ({ stageName, clientCertificateId: 'both' })) },
    { id: 'r001', stages: [{ stageName: 'other' }] },
  ],
};

const STAGES = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  clientCertificate(id: $id) {
    stages(first: $first, after: $after, last: $last, before: $before) {
      nodes { account name }
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

type Page = {
  nodes: { account: string; name: string }[];
  totalCount: number;
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};

async function start() {
  const { query, pass } = await startCrawlingEverywhere({ seeds: { [PROD_EU]: used, [STAGING_EU]: used } });
  await pass(10_000);
  return async (variables: object): Promise<Page> => {
    const { data, errors } = await query(STAGES, { id: globalIdIn(STAGING_EU, 'both'), ...variables });
    expect(errors).toBeUndefined();
    return data.clientCertificate.stages;
  };
}

test.each([1, 2, 3, 5])(
  'the stages of a certificate are walked forward and backward in pages of %d, each stage once',
  async (size) => {
    const page = await start();
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, totalCount, pageInfo }: Page = await page({ first: size, after });
      expect(totalCount).toBe(NAMES.length);
      forward.push(...nodes.map(({ account, name }) => `${account} ${name}`));
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(forward).toEqual(NAMES.map((name) => `staging ${name}`));
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const { nodes, pageInfo }: Page = await page({ last: size, before });
      backward.unshift(...nodes.map(({ account, name }) => `${account} ${name}`));
      ({ startCursor: before, hasPreviousPage: more } = pageInfo);
    }
    expect(backward).toEqual(forward);
  },
);
