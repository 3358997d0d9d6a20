import Box from '@cloudscape-design/components/box';
import { placeOf } from './names.ts';

export type Stage = {
  id: string;
  name: string;
  region: string;
  account: string | null;
  api: { apiId: string; name: string };
};

/** What people call a stage: `Orders / prod`. */
export const stageName = ({ name, api }: Pick<Stage, 'name' | 'api'>): string => `${api.name} / ${name}`;

/** Stages, each with its API and where it is. */
export const StageList = ({ label, stages }: { label: string; stages: readonly Stage[] }) => (
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
