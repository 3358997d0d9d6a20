import Box from '@cloudscape-design/components/box';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { DanglingStagesQuery } from '../api/generated/graphql.ts';
import { useViewer } from '../api/viewer.tsx';
import type { DanglingStage } from '../parts/dangling-stages.ts';
import { moment } from '../parts/dates.ts';
import { changed, PAGE_SIZES, pageOf } from '../parts/page-state.ts';
import { Pager } from '../parts/pager.tsx';
import { placeColumns } from '../parts/place-columns.ts';
import { stageName } from '../parts/stage-list.tsx';
import type { Place } from '../parts/unavailable-places.tsx';
import { goTo, hrefTo } from '../shell/route.ts';

type Column = TableProps.ColumnDefinition<DanglingStage> & { id: string };

const COLUMNS: readonly Column[] = [
  { id: 'stage', header: 'Stage', isRowHeader: true, minWidth: 160, cell: stageName },
  {
    id: 'certificate',
    header: 'Certificate that it names',
    minWidth: 170,
    cell: ({ certificateReference }) => (
      <StatusIndicator type="error">{certificateReference} does not exist</StatusIndicator>
    ),
  },
  { id: 'api', header: 'API', minWidth: 110, cell: ({ api }) => api.apiId },
  {
    id: 'changed',
    header: 'Changed last',
    minWidth: 160,
    cell: ({ lastUpdatedDate: date }) => (date ? <time dateTime={date}>{moment(date)}</time> : '–'),
  },
];

export type DanglingTableProps = {
  params: URLSearchParams;
  stages: DanglingStagesQuery['apiStages'] | undefined;
  places: readonly Place[];
  isReading: boolean;
};

/** A page of stages, in the order of the API. Account and region are shown where there are several. */
export function DanglingTable({ params, stages, places, isReading }: DanglingTableProps) {
  const { isAsked } = useViewer();
  const { pageSize, isElsewhere } = pageOf(params);
  const hrefWith = (change: Parameters<typeof changed>[1]) => hrefTo.danglingStages(changed(params, change));
  const rows = stages?.nodes ?? [];
  return (
    <Table
      ariaLabels={{ tableLabel: 'Stages whose certificate does not exist' }}
      items={rows}
      trackBy="id"
      loading={isReading && rows.length === 0}
      loadingText="Reading the stages"
      columnDefinitions={[...COLUMNS, ...placeColumns(places)]}
      pagination={
        stages && <Pager pageInfo={stages.pageInfo} isElsewhere={isElsewhere} hrefWith={hrefWith} />
      }
      preferences={
        <CollectionPreferences
          title="What the table shows"
          confirmLabel="Confirm"
          cancelLabel="Cancel"
          disabled={isAsked} // its dialog waits unseen, as others do
          preferences={{ pageSize }}
          pageSizePreference={{ options: PAGE_SIZES.map((value) => ({ value, label: `${value} stages` })) }}
          onConfirm={({ detail }) => goTo(hrefWith({ size: `${detail.pageSize ?? pageSize}` }))}
        />
      }
      empty={
        <Box textAlign="center" padding="m">
          {stages ? 'The certificate of every stage that has been read exists.' : 'It is not known now.'}
        </Box>
      }
      wrapLines
      enableKeyboardNavigation
      stickyColumns={{ first: 0 }}
    />
  );
}
