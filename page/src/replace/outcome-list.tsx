import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { stageName } from '../parts/stage-list.tsx';
import { wordsOf } from './outcomes.ts';
import type { Moves } from './use-moves.ts';

/** What came of each stage that was tried since the page was opened. */
export const OutcomeList = ({ moves: { outcomes } }: { moves: Moves }) =>
  outcomes.size > 0 && (
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
  );
