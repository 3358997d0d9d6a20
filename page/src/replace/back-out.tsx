import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useViewer } from '../api/viewer.tsx';
import { StageList } from '../parts/stage-list.tsx';
import { useFocusWhenLost } from '../shell/focus.ts';
import type { Replaced } from './outcomes.ts';
import { TrustedFingerprint } from './trusted-fingerprint.tsx';
import type { Moves } from './use-moves.ts';

export type BackOutProps = { old: Replaced; next: Replaced; moves: Moves };

/** Goes back: the same request with both certificates swapped, once it is said that the backends still trust the old one. */
export function BackOut({ old, next, moves }: BackOutProps) {
  const { disabledWithout } = useViewer();
  const [trusted, setTrusted] = useState<string>();
  const element = useFocusWhenLost(trusted);
  const moved = next.stages.nodes;
  return (
    <ExpandableSection headerText="Back out">
      <SpaceBetween size="m">
        <Box>These stages get the old certificate again, if the backends still trust it.</Box>
        <StageList label="Stages with the new certificate" stages={moved} />
        <div ref={element} tabIndex={-1} className="content">
          {trusted === undefined ? (
            <TrustedFingerprint certificate={old} which="old" onTrusted={setTrusted} />
          ) : (
            <Button
              disabled={moves.isMoving || moved.length === 0}
              {...disabledWithout('stages:write')}
              onClick={() =>
                moves.move({ id: next.id, with: old.id, trustedFingerprintSha256: trusted }, moved)
              }
            >
              Move them back
            </Button>
          )}
        </div>
      </SpaceBetween>
    </ExpandableSection>
  );
}
