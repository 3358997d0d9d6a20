import type { AccountRegion } from '../aws/account-region.ts';
import { digestOf } from '../replicas/keys.ts';
import type { TurnLimits } from '../replicas/leases.ts';
import type { Replicas } from '../replicas/replicas.ts';
import type { CrawlTurn } from './stages/crawler.ts';
import type { SharedStageIndex } from './stages/shared-stage-index.ts';

/** What only one replica does at a time in an account and region. */
export type ReplicaTurns = {
  /** Runs what no other replica runs under this name. */
  run<R>(name: string, limits: TurnLimits, run: () => Promise<R>): Promise<R>;
  crawl: CrawlTurn;
};

export type ReplicaTurnsOptions = {
  accountRegion: Pick<AccountRegion, 'name' | 'account' | 'identify'>;
  replicas: Pick<Replicas, 'leases' | 'keys'>;
  stageIndex: Pick<SharedStageIndex, 'catchUp'>;
};

/** After a replica was killed that reads the stages, another one goes on. A call to AWS takes no longer. */
const CRAWL_LEASE_MS = 15_000;

/** How old the stages may be that another replica has read. AWS is asked for each of them once per minute at most. */
const CRAWL_NEWS_MS = 5000;

export function createReplicaTurns({
  accountRegion,
  replicas,
  stageIndex,
}: ReplicaTurnsOptions): ReplicaTurns {
  const { leases, keys } = replicas;
  const { name: place, account, identify } = accountRegion;
  const keep = async () => (await leases.hold(keys.of(place, 'crawl'), CRAWL_LEASE_MS)) !== false;
  return {
    run: async (name, limits, run) => leases.inTurn(keys.of(place, `turn:${digestOf(name)}`), limits, run),
    crawl: {
      everyMs: CRAWL_NEWS_MS,
      take: async () => {
        if (account !== undefined) await identify().catch(() => undefined); // the crawl tells of failures
        await stageIndex.catchUp();
        return keep();
      },
      keep,
    },
  };
}
