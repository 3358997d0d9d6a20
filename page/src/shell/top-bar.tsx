import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useViewer } from '../api/viewer.tsx';
import { type ColorMode, useColorMode } from './color-mode.ts';
import { hrefTo } from './route.ts';

const MODES: Record<ColorMode, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** The bar at the top: who is there, and the switch for light and dark. */
export function TopBar() {
  const { name } = useViewer();
  const [mode, setMode] = useColorMode();
  return (
    <div id="top">
      <TopNavigation
        identity={{ href: hrefTo.overview(), title: 'Certway' }}
        utilities={[
          ...(name === undefined || name === 'anonymous'
            ? []
            : [{ type: 'button' as const, text: name, iconName: 'user-profile' as const }]),
          {
            type: 'menu-dropdown',
            ariaLabel: 'Colours',
            title: 'Colours',
            iconName: 'settings',
            items: Object.entries(MODES).map(([id, text]) => ({
              id,
              text,
              itemType: 'checkbox',
              checked: id === mode,
            })),
            onItemClick: ({ detail }) => {
              for (const other of Object.keys(MODES) as ColorMode[]) if (other === detail.id) setMode(other);
            },
          },
        ]}
      />
    </div>
  );
}
