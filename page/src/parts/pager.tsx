import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { NeighboursFragment } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import { goTo } from '../shell/route.ts';
import type { Change } from './page-state.ts';

graphql(`
  fragment Neighbours on PageInfo {
    hasNextPage
    hasPreviousPage
    startCursor
    endCursor
  }
`);

export type PagerProps = {
  pageInfo: NeighboursFragment;
  /** Whether this may be another page than the first. */
  isElsewhere: boolean;
  /** The address of another page of the same list. */
  hrefWith: (change: Change) => string;
};

/** The pages as the API has them: from one to the next or the one before, by cursors. */
export function Pager({ pageInfo, isElsewhere, hrefWith }: PagerProps) {
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
  const to = (change: Change) => () => goTo(hrefWith(change));
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      <Button
        variant="icon"
        iconName="angle-left-double"
        ariaLabel="First page"
        disabled={!isElsewhere}
        onClick={to({})}
      />
      <Button
        variant="icon"
        iconName="angle-left"
        ariaLabel="Previous page"
        disabled={!hasPreviousPage}
        onClick={to({ before: startCursor ?? undefined })}
      />
      <Button
        variant="icon"
        iconName="angle-right"
        ariaLabel="Next page"
        disabled={!hasNextPage}
        onClick={to({ after: endCursor ?? undefined })}
      />
    </SpaceBetween>
  );
}
