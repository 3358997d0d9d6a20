import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useState } from 'react';

/** `system`: as the operating system has it, and when that changes. */
export type ColorMode = 'system' | 'light' | 'dark';

const KEY = 'certway:color-mode';

const isColorMode = (text: string | null): text is ColorMode =>
  text === 'system' || text === 'light' || text === 'dark';

/** A browser that is told to keep nothing has no storage, and throws. */
function kept(): ColorMode {
  try {
    const value = window.localStorage.getItem(KEY);
    return isColorMode(value) ? value : 'system';
  } catch {
    return 'system';
  }
}

function keep(mode: ColorMode): void {
  try {
    window.localStorage.setItem(KEY, mode);
  } catch {} // it holds until a reload
}

/** The colours that the person wants. The browser keeps the choice if it can. */
export function useColorMode(): [ColorMode, (mode: ColorMode) => void] {
  const [mode, setMode] = useState(kept);
  useEffect(() => {
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      const isDark = mode === 'dark' || (mode === 'system' && system.matches);
      applyMode(isDark ? Mode.Dark : Mode.Light);
    };
    apply();
    keep(mode);
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [mode]);
  return [mode, setMode];
}
