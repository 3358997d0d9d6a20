import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReadSoFarFragment, StageNameFragment } from '../api/generated/graphql.ts';
import { hrefTo } from '../shell/route.ts';
import { count } from './names.ts';
import { readSoFar } from './stage-index.tsx';
import { StageList } from './stage-list.tsx';

export type InUseProps = {
  /** The global id of the certificate. */
  id: string;
  stages: readonly StageNameFragment[];
  index: ReadSoFarFragment;
  evenIfUsed: boolean;
  onChange: (evenIfUsed: boolean) => void;
};

/** Why a certificate was not deleted: stages use it, or it cannot be ruled out yet. Says what to do, and asks whether it is meant. */
export const InUse = ({ id, stages, index, evenIfUsed, onChange }: InUseProps) => (
  <Alert type="warning" header="It was not deleted">
    <SpaceBetween size="xs">
      {stages.length === 0 ? (
        <div>
          {index.complete
            ? 'The stages were read too long ago to rule out that one uses it.'
            : `It is not known yet whether a stage uses it. ${readSoFar(index)} Try again when all have been read.`}
        </div>
      ) : (
        <>
          <div>
            {count(stages.length, 'stage')} {stages.length === 1 ? 'uses' : 'use'} it.{' '}
            {!index.complete && `There may be more. ${readSoFar(index)} `}
            Put another certificate on {stages.length === 1 ? 'it' : 'them'} first:{' '}
            <Link href={hrefTo.replace(id)}>Replace it</Link>
          </div>
          <StageList label="Stages that use it" stages={stages} />
        </>
      )}
      <Checkbox checked={evenIfUsed} onChange={({ detail }) => onChange(detail.checked)}>
        Delete it all the same. Backends that check it may refuse API Gateway then.
      </Checkbox>
    </SpaceBetween>
  </Alert>
);
