import Link from '@cloudscape-design/components/link';
import type { TableProps } from '@cloudscape-design/components/table';
import { CertificateStatus } from '../parts/certificate-status.tsx';
import { CertificateUsage } from '../parts/certificate-usage.tsx';
import { day } from '../parts/dates.ts';
import { nameOf } from '../parts/names.ts';
import { hrefTo } from '../shell/route.ts';
import type { Row } from './certificates-query.ts';
import type { OrderField } from './table-state.ts';

type Column = TableProps.ColumnDefinition<Row> & { id: string; sortingField?: OrderField };

/** Those that the API can order by have the name of its field. */
export const COLUMNS: readonly Column[] = [
  {
    id: 'description',
    header: 'Description',
    sortingField: 'DESCRIPTION',
    isRowHeader: true,
    minWidth: 160,
    cell: (row) => <Link href={hrefTo.certificate(row.id)}>{nameOf(row)}</Link>,
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 110,
    cell: ({ status }) => <CertificateStatus status={status} />,
  },
  { id: 'days', header: 'Days left', minWidth: 95, cell: ({ daysUntilExpiration }) => daysUntilExpiration },
  {
    id: 'expires',
    header: 'Expires',
    sortingField: 'EXPIRATION_DATE',
    minWidth: 130,
    cell: ({ expirationDate }) => <time dateTime={expirationDate}>{day(expirationDate)}</time>,
  },
  {
    id: 'created',
    header: 'Generated',
    sortingField: 'CREATED_DATE',
    minWidth: 130,
    cell: ({ createdDate }) => <time dateTime={createdDate}>{day(createdDate)}</time>,
  },
  { id: 'usage', header: 'Used by', minWidth: 125, cell: (row) => <CertificateUsage {...row} /> },
  { id: 'tags', header: 'Tags', minWidth: 190, cell: ({ tags }) => <Tags tags={tags} /> },
  { id: 'id', header: 'Id', minWidth: 80, cell: ({ clientCertificateId }) => clientCertificateId },
];

/** Not shown until the person wants them. */
export const HIDDEN_AT_FIRST = ['created'];

/** More would make the row too high. */
const MOST_TAGS = 3;

const Tags = ({ tags }: { tags: Row['tags'] }) => (
  <>
    {tags.slice(0, MOST_TAGS).map(({ key, value }) => (
      <div key={key}>{value === '' ? key : `${key}: ${value}`}</div>
    ))}
    {tags.length > MOST_TAGS && <div>and {tags.length - MOST_TAGS} more</div>}
  </>
);
