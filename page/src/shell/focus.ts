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

/** Gives the focus to an element when, with a change, what had it is gone or disabled. Nothing is scrolled. */
export function useFocusWhenLost(state: unknown) {
  const element = useRef<HTMLDivElement>(null);
  const before = useRef(state);
  useEffect(() => {
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement?.matches(':disabled');
    if (before.current !== state && isLost) element.current?.focus({ preventScroll: true });
    before.current = state;
  }, [state]);
  return element;
}
