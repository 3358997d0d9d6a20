import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { Problem } from '../api/problem.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { stageName } from '../parts/stage-list.tsx';
import { wordsOf } from './outcomes.ts';
import type { Moves } from './use-moves.ts';

/** What came of each stage that was tried since the page was opened, and why it ended early; nothing before that. */
export function Results({ moves: { outcomes, refused, error } }: { moves: Moves }) {
  if (outcomes.size === 0) return null;
  return (
    <SpaceBetween size="m">
      <ul aria-label="Results">
        {Array.from(outcomes.values(), ({ stage, outcome }) => {
          const { type, text } = wordsOf(outcome);
          return (
            <li key={stage.id}>
              {stageName(stage)} <StatusIndicator type={type}>{text}</StatusIndicator>
            </li>
          );
        })}
      </ul>
      <Refusal title="The stage was not moved" refused={refused} />
      <Problem error={error} title="It is not known whether the stage was moved" />
    </SpaceBetween>
  );
}
