import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** What every button says that copies a text. */
export const COPYING = { copySuccessText: 'Copied', copyErrorText: 'The browser did not allow it' };

/** A short text with a button that copies it. */
export const Copied = ({ what, text }: { what: string; text: string }) => (
  <CopyToClipboard variant="inline" textToCopy={text} copyButtonAriaLabel={`Copy ${what}`} {...COPYING} />
);
