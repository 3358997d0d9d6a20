import { REPLACING_OPERATIONS } from './replacing-operations.ts';

/** The tabs with which GraphiQL opens, first the one of the README's start. They work on the emulator's example certificates as they are. */
export const EXAMPLE_OPERATIONS: string[] = [
  `# What expires next, and what has expired already.
query WhatExpiresNext {
  clientCertificates(
    first: 10
    orderBy: { field: EXPIRATION_DATE }
    filter: { status: [EXPIRED, EXPIRING] }
  ) {
    nodes {
      clientCertificateId
      description
      status
      daysUntilExpiration
      expirationDate
    }
  }
}
`,
  `# The first certificates.
# For the next page take "endCursor" as "after".
query List {
  clientCertificates(first: 10) {
    edges {
      node {
        clientCertificateId
        description
        createdDate
        expirationDate
        status
        tags {
          key
          value
        }
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  `# One certificate, with what its PEM says:
# by the global id, the ARN, or AWS's own id.
query LookUp {
  clientCertificate(id: "a1b2c3") {
    id
    arn
    description
    team: tag(key: "team")
    x509 {
      subject
      serialNumber
      notBefore
      notAfter
      fingerprintSha256
      publicKeyAlgorithm
      publicKeyBits
      signatureAlgorithm
    }
    pemEncodedCertificate
  }
}
`,
  `# A new key pair and certificate.
# An error has a type that tells what to do.
mutation Generate {
  generateClientCertificate(
    input: {
      description: "Made in GraphiQL"
      tags: [{ key: "team", value: "payments" }]
    }
  ) {
    __typename
    ... on GenerateClientCertificatePayload {
      clientCertificate {
        id
        clientCertificateId
        description
        expirationDate
      }
    }
    ... on Error {
      code
      message
    }
  }
}
`,
  `# How many there are, of each kind.
# It is one call of AWS all the same.
query HowMany {
  all: clientCertificates {
    totalCount
  }
  valid: clientCertificates(
    filter: { status: [VALID] }
  ) {
    totalCount
  }
  expiring: clientCertificates(
    filter: { status: [EXPIRING] }
  ) {
    totalCount
  }
  expired: clientCertificates(
    filter: { status: [EXPIRED] }
  ) {
    totalCount
  }
}
`,
  `# Which accounts and regions are served, and the
# first certificates of all of them.
query WhoIsServed {
  accountRegions {
    account
    accountId
    region
    unavailable {
      code
      message
      since
    }
  }
  clientCertificates(first: 10) {
    nodes {
      clientCertificateId
      account
      region
      status
    }
    unavailable {
      account
      region
    }
  }
}
`,
  ...REPLACING_OPERATIONS,
  `# Whose they are: those of one team, by its tag.
query WhoseAreThey {
  clientCertificates(
    filter: {
      tags: [{ key: "team", value: "payments" }]
    }
  ) {
    totalCount
    nodes {
      clientCertificateId
      description
      environment: tag(key: "environment")
    }
  }
}
`,
  `# What a backend has to trust, as nginx reads it.
# Others read PEM, SHA256, HAPROXY or APACHE.
query WhatToTrust {
  trustBundle(
    filter: {
      tags: [{ key: "team", value: "payments" }]
    }
  ) {
    clientCertificates {
      clientCertificateId
      expirationDate
    }
    sha256
    text(format: NGINX)
  }
}
`,
];
