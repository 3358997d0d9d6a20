import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { takesScope, useViewer } from '../api/viewer.tsx';
import { DeleteForm } from '../parts/delete-form.tsx';
import { nameOf } from '../parts/names.ts';
import { TrustBundle } from '../parts/trust-bundle.tsx';
import { useFocusWhenLost } from '../shell/focus.ts';
import { goTo, hrefTo } from '../shell/route.ts';
import { BackOut } from './back-out.tsx';
import { MoveStages } from './move-stages.tsx';
import type { Certificate } from './outcomes.ts';
import { Progress } from './progress.tsx';
import { Results } from './results.tsx';
import { Step } from './step.tsx';
import { TestStage } from './test-stage.tsx';
import { isTrustedBy, TrustedFingerprint } from './trusted-fingerprint.tsx';
import { useMoves } from './use-moves.ts';

export type StepsProps = {
  old: Certificate;
  /** The fingerprint that the person has found at the backends; '' until then. It is what the service is told, and nothing else is. */
  trusted: string;
  /** Reads again what AWS says. */
  onChange: () => void;
};

/** The steps in their order. Which one comes now follows from what there is. */
export function Steps({ old, trusted, onChange }: StepsProps) {
  const { may, disabledWithout } = useViewer();
  const moves = useMoves(onChange);
  const next = old.replacedBy ?? undefined;
  const isMoved = next !== undefined && next.stages.totalCount > 0;
  /** No stage can be moved to one that has expired. */
  const usable = next?.status === 'EXPIRED' ? undefined : next;
  const isTrusted = usable !== undefined && isTrustedBy(trusted, usable);
  const isDone = (isTrusted || isMoved) && old.stages.totalCount === 0 && old.stages.index.complete;
  const trust = useFocusWhenLost(isTrusted);
  const state = (isDoneStep: boolean, isNow: boolean) => (isDoneStep ? 'done' : isNow ? 'now' : 'later');
  return (
    <SpaceBetween size="l">
      <Step
        number={1}
        title="Generate the new certificate"
        description="AWS is asked for one certificate, with a tag that says which one it is to replace."
        state={state(usable !== undefined, true)}
      >
        {next ? (
          <>
            <Link href={hrefTo.certificate(next.id)}>{nameOf(next)}</Link> ({next.clientCertificateId})
            {!usable && (
              <Alert type="error" header="It has expired as well">
                No stage can be moved to it. Delete it, and another one can be generated here.
              </Alert>
            )}
          </>
        ) : (
          <Button
            variant="primary"
            href={hrefTo.generate({ replaces: old.id })}
            {...disabledWithout('client-certificates:write')}
          >
            Generate
          </Button>
        )}
      </Step>
      <Step
        number={2}
        title="Let the backends trust both"
        description="Give every backend the bundle below. Nothing is changed in AWS."
        state={state(isTrusted || isDone, usable !== undefined)}
      >
        {usable && (
          <SpaceBetween size="l">
            <TrustBundle place={old} />
            <div ref={trust} tabIndex={-1} className="content">
              {isTrusted ? (
                <Box>The backends trust {usable.x509.fingerprintSha256}.</Box>
              ) : (
                <TrustedFingerprint
                  certificate={usable}
                  which="new"
                  onTrusted={(fingerprint) =>
                    goTo(hrefTo.replace(old.id, { trusted: fingerprint }), { replace: true })
                  }
                />
              )}
            </div>
          </SpaceBetween>
        )}
      </Step>
      <Step
        number={3}
        title="Test a stage"
        description="API Gateway calls the backend of a REST API once with the new certificate, before any stage has it: a real request."
        state={state(isMoved, isTrusted && !isDone)}
      >
        {usable && isTrusted && !isDone && <TestStage stages={old.stages.nodes} next={usable} />}
      </Step>
      <Step
        number={4}
        title="Move the stages"
        description="First one, then the others. For each, AWS is asked for the stage, and to change its certificate. Nothing is deployed."
        state={state(isDone, isTrusted)}
      >
        <SpaceBetween size="m">
          {next && <Progress old={old} next={next} moves={moves} />}
          <Results moves={moves} />
          {next && (
            <MoveStages old={old} next={next} trusted={isTrusted ? trusted : undefined} moves={moves} />
          )}
          {next && <BackOut old={old} next={next} moves={moves} />}
        </SpaceBetween>
      </Step>
      <Step
        number={5}
        title="Delete the old one"
        description="Once the backends no longer trust it. AWS is asked to delete it; a certificate that a stage uses is not deleted."
        state={state(false, isDone)}
      >
        {isDone &&
          next &&
          (may('client-certificates:write') ? (
            <DeleteForm
              certificate={old}
              onDeleted={() => goTo(hrefTo.certificate(next.id), { replace: true })}
            />
          ) : (
            <Box>{takesScope('client-certificates:write')}</Box>
          ))}
      </Step>
    </SpaceBetween>
  );
}
