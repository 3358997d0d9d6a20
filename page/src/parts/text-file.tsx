import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { COPYING } from './copied.tsx';
import './text-file.css';

export type TextFileProps = {
  /** The name of the file that is downloaded. */
  name: string;
  /** What it is, for those who do not see it. */
  label: string;
  text: string;
};

/** A text to copy or to download. In a form, it sends nothing. */
export const TextFile = ({ name, label, text }: TextFileProps) => (
  <SpaceBetween size="s">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
    <section className="text-file" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
    <SpaceBetween direction="horizontal" size="xs">
      <CopyToClipboard
        textToCopy={text}
        copyButtonText="Copy"
        copyButtonAriaLabel={`Copy ${label}`}
        {...COPYING}
      />
      <Button
        formAction="none"
        iconName="download"
        ariaLabel={`Download ${label}`}
        onClick={() => download(name, text)}
      >
        Download
      </Button>
    </SpaceBetween>
  </SpaceBetween>
);

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
