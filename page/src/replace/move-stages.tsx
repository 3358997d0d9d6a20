import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useViewer } from '../api/viewer.tsx';
import { count } from '../parts/names.ts';
import { StageList, stageName } from '../parts/stage-list.tsx';
import type { Replaced } from './outcomes.ts';
import type { Moves } from './use-moves.ts';

export type MoveStagesProps = {
  old: Replaced;
  next: Replaced;
  /** The fingerprint that a person found at the backends; undefined until then, and nothing can be moved. */
  trusted: string | undefined;
  moves: Moves;
};

/** Moves one stage that the person picks, then all that are left. */
export function MoveStages({ old, next, trusted, moves }: MoveStagesProps) {
  const { disabledWithout } = useViewer();
  const { nodes: left } = old.stages;
  if (left.length === 0) return null;
  const button = { disabled: moves.isMoving, ...disabledWithout('stages:write') };
  const move =
    trusted === undefined
      ? undefined
      : (stages: typeof left) =>
          moves.move({ id: old.id, with: next.id, trustedFingerprintSha256: trusted }, stages);
  return (
    <SpaceBetween size="m">
      <Box variant="h3">Still with the old one</Box>
      <StageList
        label="Stages with the old certificate"
        stages={left}
        actionOf={(stage) =>
          move && (
            <Button
              {...button}
              variant="inline-link"
              ariaLabel={`Move ${stageName(stage)}`}
              onClick={() => move([stage])}
            >
              Move
            </Button>
          )
        }
      />
      {move ? (
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            {...button}
            variant={next.stages.totalCount === 0 ? 'normal' : 'primary'}
            onClick={() => move(left)}
          >
            Move {left.length === 1 ? 'it' : `these ${count(left.length, 'stage')}`}
          </Button>
          {moves.isMoving && <Button onClick={moves.stop}>Stop after this one</Button>}
        </SpaceBetween>
      ) : (
        <Box color="text-body-secondary">They can be moved once the fingerprint above is confirmed.</Box>
      )}
    </SpaceBetween>
  );
}
