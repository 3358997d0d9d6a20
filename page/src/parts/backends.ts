import type { TrustBundleFormat } from '../api/generated/graphql.ts';

/** A backend, and how it is told what to trust: see docs/trust-bundles.md. */
export type Backend = {
  name: string;
  format: TrustBundleFormat;
  file: string;
  /** What would be an outage. */
  warning?: string;
  /** How its configuration uses the file. */
  snippet?: string;
};

const OPENSSL =
  'Software on OpenSSL accepts only one of several client certificates in such a file, because all have the same subject. For nginx, HAProxy and Apache take their own form.';

const NGINX = `include /etc/certway/trust.nginx;

server {
  listen 443 ssl;
  ssl_certificate /etc/certway/server.crt;
  ssl_certificate_key /etc/certway/server.key;

  ssl_verify_client optional_no_ca;
  if ($client_certificate_is_trusted = 0) { return 403; }
}
`;

const ENVOY = `transport_socket:
  name: envoy.transport_sockets.tls
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
    require_client_certificate: true
    common_tls_context:
      validation_context_sds_secret_config:
        name: api_gateway_client_certificates
        sds_config:
          path_config_source: { path: /etc/certway/trust.yaml }
`;

const ALB = `aws s3 cp trust.pem s3://BUCKET/trust.pem
aws elbv2 create-trust-store --name api-gateway \\
  --ca-certificates-bundle-s3-bucket BUCKET --ca-certificates-bundle-s3-key trust.pem
aws elbv2 modify-listener --listener-arn LISTENER \\
  --mutual-authentication Mode=verify,TrustStoreArn=TRUST_STORE
`;

/** The first is chosen at first. */
export const BACKENDS: readonly [Backend, ...Backend[]] = [
  { name: 'nginx', format: 'NGINX', file: 'trust.nginx', snippet: NGINX },
  { name: 'Envoy', format: 'ENVOY', file: 'trust.yaml', snippet: ENVOY },
  {
    name: 'ALB',
    format: 'PEM',
    file: 'trust.pem',
    snippet: ALB,
    warning:
      'A trust store of a load balancer has up to 25 certificates. AWS does not document that it accepts certificates without a CA flag, so test a stage first.',
  },
  { name: 'HAProxy', format: 'HAPROXY', file: 'trust.haproxy' },
  { name: 'Apache', format: 'APACHE', file: 'trust.apache' },
  { name: 'Java, Go, Python (PEM)', format: 'PEM', file: 'trust.pem', warning: OPENSSL },
  { name: 'Node and others (SHA-256)', format: 'SHA256', file: 'trust.sha256' },
  { name: 'SHA-1 fingerprints', format: 'SHA1', file: 'trust.sha1' },
  { name: 'JSON', format: 'JSON', file: 'trust.json' },
];
