import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { goTo } from '../shell/route.ts';
import { hrefWith } from './table-state.ts';

type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};

/** The pages as the API has them: from one to the next or the one before, by cursors. */
export function Pager({ params, pageInfo }: { params: URLSearchParams; pageInfo: PageInfo }) {
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
  const to = (change: Record<string, string | undefined>) => () => goTo(hrefWith(params, change));
  const isFirst = !params.has('after') && !params.has('before');
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      <Button
        variant="icon"
        iconName="angle-left-double"
        ariaLabel="First page"
        disabled={isFirst}
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
