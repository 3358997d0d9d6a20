import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { OverviewQuery } from '../api/generated/graphql.ts';
import { Problem } from '../api/problem.tsx';
import type { Reading } from '../api/readings.ts';
import { useDanglingStages } from '../parts/dangling-stages.ts';
import { timeOfDay } from '../parts/dates.ts';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { UnavailablePlaces } from '../parts/unavailable-places.tsx';
import { hrefTo } from '../shell/route.ts';
import { AttentionList } from './attention-list.tsx';
import { DanglingStages } from './dangling-stages.tsx';
import { needsOf } from './needs.ts';
import { Part } from './part.tsx';

/** So many certificates are asked for of each kind, and so many of each kind are shown: all of them are in the tables. */
export const MOST = 50;
const SHOWN = 10;

const USED = 'Expired or expiring, and in use';
const OTHERS = 'Expired or expiring, and not known to be used';
const DANGLING = 'Stages whose certificate does not exist';

export type NeedsListProps = { data: OverviewQuery; reading: Reading | undefined };

/** What is to be done, the most urgent first, or that there is nothing. */
export function NeedsList({ data, reading }: NeedsListProps) {
  const { used, isMoreUsed, others, isMoreOthers, unavailable } = needsOf(data);
  const [stages, again] = useDanglingStages({ first: SHOWN }, data.accountRegions, unavailable);
  const { nodes: dangling = [], totalCount = 0, index } = stages.data?.apiStages ?? {};
  const isAllClear = used.length + others.length + unavailable.length === 0 && index && dangling.length === 0;
  const table = (usage: string) => hrefTo.certificates({ status: 'EXPIRED,EXPIRING', usage });
  return (
    <SpaceBetween size="l">
      <UnavailablePlaces places={unavailable} />
      {isAllClear && (
        <Alert type="success" header="All clear">
          No certificate has expired or expires soon, and the certificate of every stage exists
          {reading && `, at ${timeOfDay(reading.at)}`}.
        </Alert>
      )}
      <Part
        title={USED}
        description="Backends that check them refuse API Gateway from then on."
        count={used.length}
        isMore={isMoreUsed}
        more={used.length > SHOWN ? table('IN_USE') : undefined}
      >
        <AttentionList label={USED} certificates={used.slice(0, SHOWN)} />
      </Part>
      <Part
        title={DANGLING}
        description="They present no certificate to their backends."
        count={totalCount}
        isMore={false}
        more={totalCount > SHOWN ? hrefTo.danglingStages() : undefined}
      >
        <DanglingStages label={DANGLING} stages={dangling} />
      </Part>
      <Part
        title={OTHERS}
        description="Backends may trust them, and stages that have not been read yet may use them."
        count={others.length}
        isMore={isMoreOthers}
        more={others.length > SHOWN ? table('UNKNOWN,UNUSED') : undefined}
      >
        <AttentionList label={OTHERS} certificates={others.slice(0, SHOWN)} />
      </Part>
      <Problem error={stages.error} title="The stages could not be checked" onRetry={again} />
      {index && <IncompleteIndex index={index} />}
    </SpaceBetween>
  );
}
