import Box from '@cloudscape-design/components/box';
import LiveRegion from '@cloudscape-design/components/live-region';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { count } from '../parts/names.ts';
import { useFocusWhenLost } from '../shell/focus.ts';
import type { Replaced } from './outcomes.ts';
import type { Moves } from './use-moves.ts';

/** How many stages have the new certificate. */
export function Progress({ old, next, moves }: { old: Replaced; next: Replaced; moves: Moves }) {
  const movedCount = next.stages.totalCount;
  const all = old.stages.totalCount + movedCount;
  const element = useFocusWhenLost(moves.isMoving);
  const isKnown = old.stages.index.complete;
  const said = `${movedCount} of ${count(all, 'stage')}`;
  return (
    <div ref={element} tabIndex={-1} className="content">
      <SpaceBetween size="m">
        {all > 0 && (
          <ProgressBar
            label="Stages with the new certificate"
            value={(100 * movedCount) / all}
            additionalInfo={isKnown ? said : `${said} that are known`}
          />
        )}
        {all === 0 && <Box>No stage is known to use either of them.</Box>}
        {!isKnown && <Box>Not all stages have been read yet: others may still have the old certificate.</Box>}
        <LiveRegion hidden>{moves.isMoving ? '' : moves.outcomes.size > 0 && `${said} moved.`}</LiveRegion>
      </SpaceBetween>
    </div>
  );
}
