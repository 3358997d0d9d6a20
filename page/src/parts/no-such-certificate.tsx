import Alert from '@cloudscape-design/components/alert';
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { hrefTo } from '../shell/route.ts';

/** In place of a certificate that an address names and that is not there. Other words may say why. */
export const NoSuchCertificate = ({
  children = 'It may have been deleted meanwhile, or the address is wrong.',
}: {
  children?: ReactNode;
}) => (
  <Alert type="info" header="There is no such certificate">
    {children} <Link href={hrefTo.certificates()}>All certificates</Link>
  </Alert>
);
