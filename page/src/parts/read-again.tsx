import Button from '@cloudscape-design/components/button';

export type ReadAgainProps = { isReading: boolean; onClick: () => void };

/** Reads again what a view shows. */
export const ReadAgain = ({ isReading, onClick }: ReadAgainProps) => (
  <Button iconName="refresh" ariaLabel="Read again" loading={isReading} onClick={onClick} />
);
