/** The tabs with which GraphiQL opens. They work on the emulator's example certificates as they are. */
export const EXAMPLE_OPERATIONS: string[] = [
  `# The first certificates; take "endCursor" as "after" for the next page.
query List {
  clientCertificates(first: 10) {
    edges {
      cursor
      node {
        id
        clientCertificateId
        description
        createdDate
        expirationDate
        status
        tags {
          key
          value
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  `# One certificate, by the global id, the ARN or AWS's own id, with what its PEM says.
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
  `# A new key pair and certificate. The error types tell what a caller can do about it.
mutation Generate {
  generateClientCertificate(
    input: { description: "Made in GraphiQL", tags: [{ key: "team", value: "payments" }] }
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
  `# What expires next: look at "daysUntilExpiration", negative once it is over.
query WhatExpiresNext {
  clientCertificates(first: 500) {
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
];
