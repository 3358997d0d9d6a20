import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Problem } from '../api/problem.tsx';
import { useViewer } from '../api/viewer.tsx';
import { count } from '../parts/names.ts';
import { Refusal } from '../parts/refusal.tsx';
import { StageList } from '../parts/stage-list.tsx';
import { OutcomeList } from './outcome-list.tsx';
import type { Replaced } from './outcomes.ts';
import type { Moves } from './use-moves.ts';

export type MoveStagesProps = { old: Replaced; next: Replaced; moves: Moves };

/** Moves one stage, then the others, with a result of each as it comes. */
export function MoveStages({ old, next, moves }: MoveStagesProps) {
  const { disabledWithout } = useViewer();
  const { nodes: left, totalCount } = old.stages;
  const movedCount = next.stages.totalCount;
  const all = totalCount + movedCount;
  const button = {
    disabled: moves.isMoving || left.length === 0,
    ...disabledWithout('stages:write'),
  };
  const direction = { id: old.id, with: next.id, trustedFingerprintSha256: next.x509.fingerprintSha256 };
  return (
    <SpaceBetween size="m">
      {all > 0 && (
        <ProgressBar
          label="Stages with the new certificate"
          value={(100 * movedCount) / all}
          additionalInfo={`${movedCount} of ${count(all, 'stage')}`}
        />
      )}
      {all === 0 && <Box>No stage is known to use either of them.</Box>}
      {left.length > 0 && (
        <>
          <Box variant="h3">Still with the old one</Box>
          <StageList label="Stages with the old certificate" stages={left} />
        </>
      )}
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          {...button}
          variant={movedCount === 0 ? 'primary' : 'normal'}
          onClick={() => moves.move(direction, left.slice(0, 1))}
        >
          Move one
        </Button>
        <Button
          {...button}
          variant={movedCount === 0 ? 'normal' : 'primary'}
          onClick={() => moves.move(direction, left)}
        >
          Move the rest
        </Button>
        {moves.isMoving && <Button onClick={moves.stop}>Stop after this one</Button>}
      </SpaceBetween>
      <LiveRegion>
        {moves.isMoving ? '' : moves.outcomes.size > 0 && `${movedCount} of ${count(all, 'stage')} moved.`}
      </LiveRegion>
      <OutcomeList moves={moves} />
      <Refusal title="The stage was not moved" refused={moves.refused} />
      <Problem error={moves.error} title="It is not known whether the stage was moved" />
    </SpaceBetween>
  );
}
