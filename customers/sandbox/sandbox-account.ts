/** A synthetic customer that one partner's engineers may play in the sandbox. */
export type SandboxCustomer = { readonly accountKey: string }

/** The account keys of a partner's synthetic customers begin so; no code of a partner has a colon. */
export function sandboxPrefix(partnerCode: string): string {
  return `sandbox:${partnerCode}:`
}

/** The account key of one of them, by its number from 1. */
export function sandboxAccount(partnerCode: string, number: number): string {
  return `${sandboxPrefix(partnerCode)}${number}`
}
