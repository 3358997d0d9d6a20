import Box from '@cloudscape-design/components/box';
import List from '@cloudscape-design/components/list';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { DanglingStage } from '../parts/dangling-stages.ts';
import { placeOf } from '../parts/names.ts';
import { stageName } from '../parts/stage-list.tsx';

/** Stages whose certificate does not exist any more. */
export const DanglingStages = ({ stages, label }: { stages: readonly DanglingStage[]; label: string }) => (
  <List
    ariaLabel={label}
    items={stages}
    renderItem={(stage) => ({
      id: stage.id,
      content: stageName(stage),
      secondaryContent: (
        <>
          <StatusIndicator type="error">{stage.certificateReference} does not exist</StatusIndicator>
          <Box color="text-body-secondary" fontSize="body-s">
            API {stage.api.apiId} · {placeOf(stage)}
          </Box>
        </>
      ),
    })}
  />
);
