import Box from '@cloudscape-design/components/box';
import Icon from '@cloudscape-design/components/icon';
import { Problem } from '../api/problem.tsx';
import { MISSING_SCOPES, type Scope, useViewer } from '../api/viewer.tsx';

/**
 * Says which of the scopes the person lacks, or that it is not known; nothing if none. It is
 * a sentence in the view and no tooltip of each control: that is there only for who looks for it, and Cloudscape puts it outside of all
 * landmarks.
 */
export function MissingScopes({ of }: { of: readonly Scope[] }) {
  const { name, may, problem } = useViewer();
  const missing = of.filter((scope) => !may(scope));
  if (missing.length === 0) return null;
  if (problem)
    return (
      <Problem
        error={problem.error}
        onRetry={problem.again}
        isPartial
        title="It is not known what you may do"
      />
    );
  if (name === undefined) return null;
  return (
    <div id={MISSING_SCOPES}>
      <Box color="text-body-secondary">
        <Icon name="lock-private" /> What is disabled here takes the scope
        {missing.length === 1 ? '' : 's'} {missing.join(' and ')}, which you do not have.
      </Box>
    </div>
  );
}
