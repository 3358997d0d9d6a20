import type { TableProps } from '@cloudscape-design/components/table';

type Place = { account: string | null; region: string };

type PlaceColumn<Row> = TableProps.ColumnDefinition<Row> & { id: keyof Place };

/** The columns for account and region in a table of what is there, each where there are several. */
export function placeColumns<Row extends Place & { accountId: string | null }>(
  places: readonly Place[],
): PlaceColumn<Row>[] {
  const columns: PlaceColumn<Row>[] = [
    {
      id: 'account',
      header: 'Account',
      minWidth: 100,
      cell: ({ account, accountId }) => account ?? accountId ?? '–',
    },
    { id: 'region', header: 'Region', minWidth: 120, cell: ({ region }) => region },
  ];
  return columns.filter(({ id }) => new Set(places.map((place) => place[id])).size > 1);
}
