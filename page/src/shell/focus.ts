import { useEffect, useRef } from 'react';

/**
 * Gives the focus to an element whenever the view changes, but not at first: with a keyboard or a screen reader one goes on at
 * the beginning of the view, and not at the link that led there.
 */
export function useFocusOnChange(view: string) {
  const element = useRef<HTMLDivElement>(null);
  const before = useRef(view);
  useEffect(() => {
    if (before.current !== view) element.current?.focus();
    before.current = view;
  }, [view]);
  return element;
}
