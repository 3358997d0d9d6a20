import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';
import type { StageNameFragment } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import { placeOf } from './names.ts';

graphql(`
  fragment StageName on ApiStage {
    id
    name
    account
    region
    api {
      apiId
      name
    }
  }
`);

/** What people call a stage: `Orders / prod`. */
export const stageName = ({ name, api }: Pick<StageNameFragment, 'name' | 'api'>): string =>
  `${api.name} / ${name}`;

export type StageListProps<Stage> = {
  label: string;
  stages: readonly Stage[];
  /** What a person can do with a stage, beside its name. */
  actionOf?: (stage: Stage) => ReactNode;
};

/** Stages, each with its API and where it is. */
export const StageList = <Stage extends StageNameFragment>({
  label,
  stages,
  actionOf,
}: StageListProps<Stage>) => (
  <ul aria-label={label}>
    {stages.map((stage) => (
      <li key={stage.id}>
        {stageName(stage)}{' '}
        <Box variant="small">
          API {stage.api.apiId} · {placeOf(stage)}
        </Box>{' '}
        {actionOf?.(stage)}
      </li>
    ))}
  </ul>
);
