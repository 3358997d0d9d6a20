import { MAX_BUNDLE_SIZE, type TrustBundle } from '../../../resources/client-certificates/trust-bundle.ts';
import type { TrustBundleFormat } from '../../../resources/client-certificates/trust-bundle-texts.ts';
import { builder } from '../builder.ts';
import { requiresScopes } from '../sdl.ts';
import { CALL } from './connection.ts';
import { ClientCertificateFilter } from './filter.ts';
import { ClientCertificateRef } from './type.ts';

const TrustBundleFormatRef = builder.enumType('TrustBundleFormat', {
  description:
    'A form in which a backend can be told what to trust. In each but JSON, a comment line precedes each certificate.',
  values: {
    PEM: {
      description:
        'All certificates in one file, for Java. Software on OpenSSL, such as nginx, accepts only the first of them, because all ' +
        'have the same subject: use another form there.',
    },
    SHA1: { description: 'SHA-1 fingerprints of the DER form: lower-case hex, one on a line.' },
    SHA256: { description: 'SHA-256 fingerprints of the DER form: lower-case hex, one on a line.' },
    NGINX: { description: 'A `map` to `$client_certificate_is_trusted`, for `include` in `http { }`.' },
    HAPROXY: { description: 'A list for `acl … ssl_c_der,sha2(256),hex -m str -f FILE`.' },
    APACHE: { description: 'Directives `Require expr`, for `Include` in a `<Location>`.' },
    ENVOY: { description: 'A file for SDS with `verify_certificate_hash`, in YAML.' },
    JSON: { description: 'Ids, descriptions, dates, fingerprints and PEM of each.' },
  } satisfies Record<TrustBundleFormat, object>,
});

/** To write it takes about as long as ten fields of each certificate, and its 10 KB of each are no more than theirs may be. */
const TEXT_COST = 10 * MAX_BUNDLE_SIZE;

const TrustBundleRef = builder.objectRef<TrustBundle>('TrustBundle').implement({
  description:
    'What a backend has to be told so that it trusts API Gateway, the oldest certificate first. The same certificates give the ' +
    'same texts, byte for byte.',
  extensions: { directives: requiresScopes('client-certificates:read') },
  fields: (t) => ({
    clientCertificates: t.field({
      type: [ClientCertificateRef],
      description: 'The certificates in the bundle.',
      extensions: { directives: { listSize: { assumedSize: MAX_BUNDLE_SIZE } } },
      resolve: ({ clientCertificates }) => clientCertificates,
    }),
    sha256: t.string({
      description: 'Of the PEM, in lower-case hex. It changes when the bundle does.',
      resolve: ({ sha256 }) => sha256(),
    }),
    text: t.string({
      description: 'The bundle as a file, with LF lines and a newline at the end.',
      args: {
        format: t.arg({
          type: TrustBundleFormatRef,
          defaultValue: 'PEM',
          description: 'The form that the backend reads.',
        }),
      },
      extensions: { ownCost: TEXT_COST },
      resolve: ({ text }, { format }) => text(format),
    }),
  }),
});

builder.queryField('trustBundle', (t) =>
  t.field({
    type: TrustBundleRef,
    description:
      'The certificates that a backend has to trust: all that have not expired, or those that match the filter, of which the ' +
      'expired ones are included only if its `status` says so. A filter by `usage` also includes those whose usage is unknown. Up to ' +
      '500. A broken certificate is an error, so that none is missing unnoticed. Reads all certificates.',
    extensions: { directives: { cost: CALL } },
    args: {
      filter: t.arg({ type: ClientCertificateFilter, required: false, description: 'Which ones.' }),
    },
    resolve: (_, { filter }, { clientCertificates }) => clientCertificates.trustBundle(filter),
  }),
);
