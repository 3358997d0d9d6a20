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
import { type Attention, AttentionList } from './attention-list.tsx';
import { DanglingStages } from './dangling-stages.tsx';
import { needsOf } from './needs.ts';
import { Part, type PartProps } from './part.tsx';

/** So many certificates are asked for of each kind, and so many of each kind are shown: all of them are in the tables. */
export const MOST = 50;
const SHOWN = 10;

const USED = 'Expired or expiring, and in use';
const OTHERS = 'Expired or expiring, and not known to be used';
const DANGLING = 'Stages whose certificate does not exist';

export type NeedsListProps = {
  data: OverviewQuery;
  reading: Reading | undefined;
  /** Whether all of it could be read, and is not read again: then there is no error any more. */
  isWhole: boolean;
};

/** What is to be done, the most urgent first, or that there is nothing. */
export function NeedsList({ data, reading, isWhole }: NeedsListProps) {
  const { used, isMoreUsed, others, isMoreOthers, unavailable } = needsOf(data);
  const [stages, again] = useDanglingStages({ first: SHOWN }, data.accountRegions, unavailable);
  const { nodes: dangling = [], totalCount = 0, index } = stages.data?.apiStages ?? {};
  const isSpread = data.accountRegions.length > 1;
  const needs = used.length + others.length + unavailable.length + dangling.length;
  const isAllClear = needs === 0 && isWhole && index && !stages.error;
  return (
    <SpaceBetween size="l">
      <UnavailablePlaces places={unavailable} />
      {isAllClear && (
        <Alert type="success" header={index.complete ? 'All clear' : 'All clear as far as is known'}>
          No certificate has expired or expires soon
          {index.complete && ', and the certificate of every stage exists'}
          {reading && `, at ${timeOfDay(reading.at)}`}.
        </Alert>
      )}
      <Certificates
        title={USED}
        description="Backends that check them refuse API Gateway from then on."
        certificates={used}
        isMore={isMoreUsed}
        isSpread={isSpread}
        usage="IN_USE"
      />
      <Part
        title={DANGLING}
        description="They present no certificate to their backends."
        count={totalCount}
        isMore={false}
        more={totalCount > SHOWN ? hrefTo.danglingStages() : undefined}
      >
        <DanglingStages label={DANGLING} stages={dangling} />
      </Part>
      <Certificates
        title={OTHERS}
        description="Backends may trust them, and stages that have not been read yet may use them."
        certificates={others}
        isMore={isMoreOthers}
        isSpread={isSpread}
        usage="UNKNOWN,UNUSED"
      />
      <Problem error={stages.error} title="The stages could not be checked" onRetry={again} />
      {index && <IncompleteIndex index={index} />}
    </SpaceBetween>
  );
}

type CertificatesProps = Pick<PartProps, 'title' | 'description' | 'isMore'> & {
  certificates: readonly Attention[];
  isSpread: boolean;
  /** Of which usage they are, as the table's filter has it. */
  usage: string;
};

/** A part with the first of some certificates, which leads to the table of all. */
const Certificates = ({ certificates, isSpread, usage, ...part }: CertificatesProps) => (
  <Part
    {...part}
    count={certificates.length}
    more={
      certificates.length > SHOWN ? hrefTo.certificates({ status: 'EXPIRED,EXPIRING', usage }) : undefined
    }
  >
    <AttentionList label={part.title} isSpread={isSpread} certificates={certificates.slice(0, SHOWN)} />
  </Part>
);
