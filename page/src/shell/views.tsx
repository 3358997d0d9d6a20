import Link from '@cloudscape-design/components/link';
import { CertificateView } from '../certificate/certificate-view.tsx';
import { GenerateView } from '../generate/generate-view.tsx';
import { OverviewView } from '../overview/overview-view.tsx';
import { ReplaceView } from '../replace/replace-view.tsx';
import { TableView } from '../table/table-view.tsx';
import { hrefTo, type Route } from './route.ts';
import { View } from './view.tsx';

/** The view of an address. A view whose `key` changes begins anew. */
export function viewOf({ view, id, params }: Route) {
  switch (view) {
    case '':
      return <OverviewView />;
    case 'certificates':
      return id === undefined ? <TableView params={params} /> : <CertificateView key={id} id={id} />;
    case 'generate':
      return <GenerateView params={params} />;
    case 'replace':
      return id === undefined ? <NoSuchView /> : <ReplaceView key={id} id={id} params={params} />;
    default:
      return <NoSuchView />;
  }
}

const NoSuchView = () => (
  <View title="There is no such page">
    <Link href={hrefTo.overview()}>What needs me</Link>
  </View>
);
