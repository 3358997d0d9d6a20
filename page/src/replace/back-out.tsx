import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useViewer } from '../api/viewer.tsx';
import { StageList } from '../parts/stage-list.tsx';
import type { Replaced } from './outcomes.ts';
import type { Moves } from './use-moves.ts';

/** Goes back: the same request with both certificates swapped. The backends must still trust the old one. */
export function BackOut({ old, next, moves }: { old: Replaced; next: Replaced; moves: Moves }) {
  const { disabledWithout } = useViewer();
  const moved = next.stages.nodes;
  const direction = { id: next.id, with: old.id, trustedFingerprintSha256: old.x509.fingerprintSha256 };
  return (
    <ExpandableSection headerText="Back out">
      <SpaceBetween size="m">
        <Box>These stages get the old certificate again. The backends must still trust it.</Box>
        <StageList label="Stages with the new certificate" stages={moved} />
        <Button
          disabled={moves.isMoving}
          {...disabledWithout('stages:write')}
          onClick={() => moves.move(direction, moved)}
        >
          Move them back
        </Button>
      </SpaceBetween>
    </ExpandableSection>
  );
}
