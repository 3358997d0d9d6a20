import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useState } from 'react';

/** `system`: as the operating system has it, and when that changes. */
export type ColorMode = 'system' | 'light' | 'dark';

const KEY = 'certway:color-mode';

const isColorMode = (text: string | null): text is ColorMode =>
  text === 'system' || text === 'light' || text === 'dark';

function kept(): ColorMode {
  const value = window.localStorage.getItem(KEY);
  return isColorMode(value) ? value : 'system';
}

/** The colours that the person wants. The browser keeps the choice. */
export function useColorMode(): [ColorMode, (mode: ColorMode) => void] {
  const [mode, setMode] = useState(kept);
  useEffect(() => {
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      const isDark = mode === 'dark' || (mode === 'system' && system.matches);
      applyMode(isDark ? Mode.Dark : Mode.Light);
    };
    apply();
    window.localStorage.setItem(KEY, mode);
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [mode]);
  return [mode, setMode];
}
