import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { hrefTo, type Route } from './route.ts';

const TEXTS = new Map([
  ['', 'What needs me'],
  ['certificates', 'All certificates'],
  ['dangling-stages', 'Stages whose certificate does not exist'],
  ['generate', 'Generate'],
  ['replace', 'Replace'],
]);

/** The way from the beginning to a view. */
export function Breadcrumbs({ route: { view, id } }: { route: Route }) {
  const isOne = view === 'certificates' && id !== undefined;
  return (
    <BreadcrumbGroup
      items={[
        { text: 'Certway', href: hrefTo.overview() },
        ...(view === 'replace' || isOne ? [{ text: 'All certificates', href: hrefTo.certificates() }] : []),
        { text: isOne ? 'One certificate' : (TEXTS.get(view) ?? 'Nothing here'), href: '' },
      ]}
    />
  );
}
