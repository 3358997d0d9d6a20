/** Which stages use a certificate, and what a replacement would change. */
export const REPLACING_OPERATIONS: string[] = [
  `# Which stages use a certificate that expires.
# "index" says how many APIs have been read so far.
query WhichStages {
  apiStages(
    first: 10
    filter: {
      clientCertificateStatus: [EXPIRED, EXPIRING]
    }
  ) {
    nodes {
      name
      api {
        name
        protocol
      }
      clientCertificate {
        clientCertificateId
        daysUntilExpiration
      }
    }
    index {
      apis
      apisRead
      complete
    }
  }
}
`,
  `# What it would take to replace one certificate by another.
# Without "dryRun" it is done, one stage after the other.
mutation PlanReplacement {
  replaceClientCertificate(
    input: { id: "a1b2c3", with: "m4n5o6", dryRun: true }
  ) {
    ... on ReplaceClientCertificatePayload {
      outcomes {
        status
        stage {
          name
          api {
            name
          }
        }
      }
      remaining
    }
    ... on Error {
      code
      message
    }
  }
}
`,
];
