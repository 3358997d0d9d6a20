import Link from '@cloudscape-design/components/link';
import { lazy } from 'react';
import { hrefTo, type Route } from './route.ts';
import { View } from './view.tsx';

// Each view is a file of its own, which the browser loads when the view is opened first.
const OverviewView = lazy(async () => ({
  default: (await import('../overview/overview-view.tsx')).OverviewView,
}));
const TableView = lazy(async () => ({ default: (await import('../table/table-view.tsx')).TableView }));
const CertificateView = lazy(async () => ({
  default: (await import('../certificate/certificate-view.tsx')).CertificateView,
}));
const GenerateView = lazy(async () => ({
  default: (await import('../generate/generate-view.tsx')).GenerateView,
}));
const ReplaceView = lazy(async () => ({
  default: (await import('../replace/replace-view.tsx')).ReplaceView,
}));

const DanglingView = lazy(async () => ({
  default: (await import('../dangling/dangling-view.tsx')).DanglingView,
}));

/** What the view of an address is about. When that changes, the view begins anew. */
export const subjectOf = ({ view, id, params }: Route): string =>
  JSON.stringify([view, id, view === 'generate' && params.get('replaces')]);

/** The view of an address. */
export function viewOf({ view, id, params }: Route) {
  switch (view) {
    case '':
      return <OverviewView />;
    case 'certificates':
      return id === undefined ? <TableView params={params} /> : <CertificateView id={id} />;
    case 'dangling-stages':
      return <DanglingView params={params} />;
    case 'generate':
      return <GenerateView params={params} />;
    case 'replace':
      return id === undefined ? <NoSuchView /> : <ReplaceView id={id} params={params} />;
    default:
      return <NoSuchView />;
  }
}

const NoSuchView = () => (
  <View title="There is no such page">
    <Link href={hrefTo.overview()}>What needs me</Link>
  </View>
);
