import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Table from '@cloudscape-design/components/table';
import { useQuery } from 'urql';
import type { CertificatesQuery } from '../api/generated/graphql.ts';
import { count } from '../parts/names.ts';
import { pageOf } from '../parts/page-state.ts';
import { Pager } from '../parts/pager.tsx';
import { placeColumns } from '../parts/place-columns.ts';
import { goTo, hrefTo } from '../shell/route.ts';
import { PLACES, type Row } from './certificates-query.ts';
import { COLUMNS } from './columns.tsx';
import { paramsOf } from './filter.ts';
import { TableFilter } from './table-filter.tsx';
import { displayOf, TablePreferences } from './table-preferences.tsx';
import { hrefWith, hrefWithFilter, variablesOf } from './table-state.ts';

export type CertificatesTableProps = {
  params: URLSearchParams;
  page: CertificatesQuery['clientCertificates'] | undefined;
  isReading: boolean;
  /** Undefined while it is not known. */
  total: number | undefined;
};

export function CertificatesTable({ params, page, isReading, total }: CertificatesTableProps) {
  const { filter = {}, orderBy } = variablesOf(params);
  const [{ data: places }] = useQuery({ query: PLACES });
  const accounts = different(places?.accountRegions.map(({ account }) => account) ?? []);
  const regions = different(places?.accountRegions.map(({ region }) => region) ?? []);
  const columns = [...COLUMNS, ...placeColumns<Row>(places?.accountRegions ?? [])];
  const rows: Row[] = page?.nodes.filter((node) => node !== null) ?? [];
  const isFiltered = Object.keys(filter ?? {}).length > 0;
  return (
    <Table
      ariaLabels={{ tableLabel: 'Certificates' }}
      items={rows}
      trackBy="id"
      loading={isReading && rows.length === 0}
      loadingText="Reading the certificates"
      columnDefinitions={columns}
      columnDisplay={displayOf(params, columns)}
      sortingColumn={columns.find(({ sortingField }) => sortingField === orderBy?.field)}
      sortingDescending={orderBy?.direction === 'DESC'}
      onSortingChange={({ detail: { sortingColumn, isDescending } }) =>
        goTo(
          hrefWith(params, { orderBy: sortingColumn.sortingField, direction: isDescending ? 'DESC' : 'ASC' }),
        )
      }
      filter={
        <TableFilter
          filter={filter ?? {}}
          tags={different(rows.flatMap(({ tags }) => tags.map(({ key, value }) => `${key}=${value}`)))}
          accounts={accounts}
          regions={regions}
          countText={total === undefined ? '' : count(total, 'match').replace(/hs$/, 'hes')}
          onChange={(next) => goTo(hrefWithFilter(params, paramsOf(next)))}
        />
      }
      pagination={
        page && (
          <Pager
            pageInfo={page.pageInfo}
            isElsewhere={pageOf(params).isElsewhere}
            hrefWith={(change) => hrefWith(params, change)}
          />
        )
      }
      preferences={<TablePreferences params={params} columns={columns} />}
      empty={page ? <Empty isFiltered={isFiltered} /> : 'They are not known now.'}
      wrapLines
      enableKeyboardNavigation
      stickyColumns={{ first: 0 }}
    />
  );
}

const Empty = ({ isFiltered }: { isFiltered: boolean }) => (
  <Box textAlign="center" padding="m">
    <Box padding={{ bottom: 's' }}>
      {isFiltered ? 'No certificate matches the filter.' : 'There is no certificate yet.'}
    </Box>
    {isFiltered ? (
      <Button onClick={() => goTo(hrefTo.certificates())}>Clear the filter</Button>
    ) : (
      <Button href={hrefTo.generate()}>Generate one</Button>
    )}
  </Box>
);

const different = (values: readonly (string | null)[]): string[] =>
  Array.from(new Set(values.filter((value) => value !== null))).toSorted();
