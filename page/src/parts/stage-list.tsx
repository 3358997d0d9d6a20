import Box from '@cloudscape-design/components/box';
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

/** Stages, each with its API and where it is. */
export const StageList = ({ label, stages }: { label: string; stages: readonly StageNameFragment[] }) => (
  <ul aria-label={label}>
    {stages.map((stage) => (
      <li key={stage.id}>
        {stageName(stage)}{' '}
        <Box variant="small">
          API {stage.api.apiId} · {placeOf(stage)}
        </Box>
      </li>
    ))}
  </ul>
);
