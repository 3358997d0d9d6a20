import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { OverviewQuery } from '../api/generated/graphql.ts';
import { Problem } from '../api/problem.tsx';
import { isStale } from '../api/reading-time.ts';
import { timeOfDay } from '../parts/dates.ts';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { UnavailablePlaces } from '../parts/unavailable-places.tsx';
import { hrefTo } from '../shell/route.ts';
import { AttentionList } from './attention-list.tsx';
import { DanglingStages } from './dangling-stages.tsx';
import { needsOf } from './needs.ts';
import { Part } from './part.tsx';
import { useDanglingStages } from './stages-query.ts';

/** More than that need a table. */
export const MOST = 50;

const USED = 'In use, and expired or about to';
const OTHERS = 'Expired or about to, and not used';
const DANGLING = 'Stages whose certificate does not exist';

export type NeedsListProps = { data: OverviewQuery; read: Date | undefined };

/** What is to be done, the most urgent first, or that there is nothing. */
export function NeedsList({ data, read }: NeedsListProps) {
  const { used, isMoreUsed, others, isMoreOthers, unavailable } = needsOf(data);
  const [stages, again] = useDanglingStages(MOST, data.accountRegions, unavailable);
  const { nodes: dangling = [], pageInfo, index } = stages.data?.apiStages ?? {};
  const isAllClear = used.length + others.length + unavailable.length === 0 && index && dangling.length === 0;
  const table = (usage: string) => hrefTo.certificates({ status: 'EXPIRED,EXPIRING', usage });
  return (
    <SpaceBetween size="l">
      {read && isStale(read, new Date()) && (
        <Alert type="warning" header="AWS does not answer now">
          This is what it said at {timeOfDay(read)}.
        </Alert>
      )}
      <UnavailablePlaces places={unavailable} />
      {isAllClear && (
        <Alert type="success" header="All clear">
          No certificate has expired or expires soon, and every stage has the certificate that it names
          {read && `, at ${timeOfDay(read)}`}.
        </Alert>
      )}
      <Part
        title={USED}
        description="Backends that check them refuse API Gateway from then on."
        count={used.length}
        more={isMoreUsed ? table('IN_USE') : undefined}
      >
        <AttentionList label={USED} certificates={used} />
      </Part>
      <Part
        title={DANGLING}
        description="They present no certificate to their backends."
        count={dangling.length}
        more={pageInfo?.hasNextPage ? 'graphql' : undefined}
      >
        <DanglingStages label={DANGLING} stages={dangling} />
      </Part>
      <Part
        title={OTHERS}
        description="No stage is known to use them."
        count={others.length}
        more={isMoreOthers ? table('UNKNOWN,UNUSED') : undefined}
      >
        <AttentionList label={OTHERS} certificates={others} />
      </Part>
      <Problem error={stages.error} title="The stages could not be checked" onRetry={again} />
      {index && <IncompleteIndex index={index} />}
    </SpaceBetween>
  );
}
