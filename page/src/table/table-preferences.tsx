import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import type { TableProps } from '@cloudscape-design/components/table';
import { useViewer } from '../api/viewer.tsx';
import { PAGE_SIZES, pageOf } from '../parts/page-state.ts';
import { goTo } from '../shell/route.ts';
import type { Row } from './certificates-query.ts';
import { HIDDEN_AT_FIRST } from './columns.tsx';
import { hrefWith } from './table-state.ts';

type Columns = readonly (TableProps.ColumnDefinition<Row> & { id: string })[];

/** Which columns are shown: those that the address names, or all but those that are hidden at first. */
export function displayOf(params: URLSearchParams, columns: Columns): TableProps.ColumnDisplayProperties[] {
  const named = params.get('columns')?.split(',');
  return columns.map(({ id }) => ({
    id,
    visible: id === 'description' || (named ? named.includes(id) : !HIDDEN_AT_FIRST.includes(id)),
  }));
}

/** How many certificates are on a page, and which columns are shown. The address keeps it. */
export function TablePreferences({ params, columns }: { params: URLSearchParams; columns: Columns }) {
  const { isAsked } = useViewer();
  return (
    <CollectionPreferences
      title="What the table shows"
      confirmLabel="Confirm"
      cancelLabel="Cancel"
      disabled={isAsked} // its dialog waits unseen, as others do
      preferences={{ pageSize: pageOf(params).pageSize, contentDisplay: displayOf(params, columns) }}
      pageSizePreference={{ options: PAGE_SIZES.map((value) => ({ value, label: `${value} certificates` })) }}
      contentDisplayPreference={{
        title: 'Columns',
        options: columns.map(({ id, header }) => ({
          id,
          label: String(header),
          alwaysVisible: id === 'description',
        })),
      }}
      onConfirm={({ detail: { pageSize, contentDisplay } }) => {
        const shown = contentDisplay?.filter(({ visible }) => visible).map(({ id }) => id);
        goTo(
          hrefWith(params, {
            size: pageSize === undefined ? undefined : `${pageSize}`,
            columns: shown?.join(','),
          }),
        );
      }}
    />
  );
}
