import type { DemoSummary } from './demo-state.ts'

/** What to say when the demonstration is ready: where to go, how to sign in, one query that works, what to look at next. */
export function tellDemo(origin: string, { counts, months, sample }: DemoSummary): string {
  const asked = `{ customers(purpose: "${sample.purpose}", first: 3) { edges { node { subject tags { key granularity value } } } } }`
  const numbers = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  return `
Tributary is ready at ${origin}
  holds            ${numbers.join(', ')}
  periods          ${months.closed.join(' and ')} settled, ${months.open} to be closed

  partner graph    ${origin}/graphql             (OAuth 2 with DPoP)
  customer graph   ${origin}/customer/graphql    (GraphiQL in a browser)
  operations graph ${origin}/operations/graphql  (GraphiQL in a browser)
  health, metrics  ${origin}/readyz  ${origin}/metrics

Ask as the partner ${sample.partner} (in another terminal, in this folder):
  npm run -s tributary -- dev query --partner ${sample.partner} '${asked}'
Sign in as staff, or as the customer behind the first of them:
  npm run -s tributary -- dev token --staff alice
  npm run -s tributary -- dev token --customer ${sample.accountKey}
See, on a page, what that customer shares and who read it: open ${origin}/consent/mine
  and sign in with the account key ${sample.accountKey}
Then look at
  npm run -s tributary -- statement list --month ${sample.month}
  npm run -s tributary -- ledger verify
  docs/partner-quickstart.md, for a partner’s engineer
  docs/finance-guide.md, to close ${months.open}

Ctrl-C ends it; what it holds stays for the next start.
`
}
