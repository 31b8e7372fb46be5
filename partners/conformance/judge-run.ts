import type { Id } from '../../kernel/ids.ts'
import { CONFORMANCE_CHECKS, type ConformanceCheck, type ConformanceCode } from './conformance-check.ts'

/** Something that a gateway saw of a run. */
export type Observed = { readonly about: string; readonly detail: string; readonly at: Date }

/** A consent that a synthetic customer gave in a run, and what became of it. */
export type ConsentSeen = {
  readonly id: Id<'cns'>
  /** The record by which it was given, and the last one about it. */
  readonly granted: Id<'rec'>
  readonly record: Id<'rec'>
  readonly grantedAt: Date
  /** When the partner came with the code. */
  readonly exchangedAt: Date | undefined
  readonly read: { readonly disclosure: Id<'dis'>; readonly at: Date } | undefined
  readonly revokedAt: Date | undefined
  /** When the webhook of it was first sent, and when all of the partner's endpoints had taken it. */
  readonly toldAt: Date | undefined
  readonly acknowledgedAt: Date | undefined
}

/** All that is known of a run. */
export type RunFacts = {
  /** The database's time. */
  readonly now: Date
  readonly tokens: readonly Observed[]
  readonly replays: readonly Observed[]
  /** The last given first. */
  readonly consents: readonly ConsentSeen[]
  /** Of each external id that came again with the same, the contribution. */
  readonly repeated: readonly Observed[]
  /** Of each external id that came again with other content. */
  readonly conflicts: readonly Observed[]
  readonly endpoints: readonly Id<'whe'>[]
  /** What endpoints answered to the right signature and to the wrong one, `200 401`. */
  readonly probes: readonly Observed[]
}

/** How long a partner has to acknowledge that a consent was revoked. */
const ACKNOWLEDGE_SECONDS = 60

type Finding = Omit<ConformanceCheck, 'code'>

/** Judges each check by what is known. Pure: the same facts give the same checks. */
export function judgeRun(facts: RunFacts): readonly ConformanceCheck[] {
  return CONFORMANCE_CHECKS.map((code) => ({ code, ...JUDGES[code](facts) }))
}

const JUDGES: Readonly<Record<ConformanceCode, (facts: RunFacts) => Finding>> = {
  TOKEN_WITH_DPOP: ({ tokens: [token] }) =>
    token === undefined
      ? waiting('no token was issued to a client of yours yet')
      : passed(`a token bound by ${token.detail} was issued`, token.at, [token.about]),
  REPLAY_REFUSED: ({ replays: [replay] }) =>
    replay === undefined
      ? waiting('nothing was sent twice yet: send one request again with the same DPoP proof')
      : passed(`${replay.detail} that was sent again was refused`, replay.at, [replay.about]),
  CONSENT_FLOW: ({ consents }) => consentFlow(consents),
  TAGS_READ: ({ consents }) => tagsRead(consents),
  CONTRIBUTION_IDEMPOTENT: contributionIdempotent,
  WEBHOOK_SIGNATURE: webhookSignature,
  REVOCATION_ACKNOWLEDGED: revocationAcknowledged,
}

function consentFlow(consents: readonly ConsentSeen[]): Finding {
  const [given] = consents
  if (given === undefined) return waiting('no synthetic customer was asked and agreed yet')
  const done = consents.find(({ exchangedAt }) => exchangedAt !== undefined)
  if (done === undefined) return waiting('a customer agreed; the code was not exchanged yet', given.grantedAt)
  return passed('a customer agreed, and the code was exchanged', done.exchangedAt, [done.id, done.granted])
}

function tagsRead(consents: readonly ConsentSeen[]): Finding {
  const seen = consents.find(({ read }) => read !== undefined)
  if (seen?.read === undefined) return waiting('nothing was read yet under a consent of this run')
  return passed('tags were read under a consent of this run', seen.read.at, [seen.id, seen.read.disclosure])
}

function contributionIdempotent({ repeated, conflicts }: RunFacts): Finding {
  const both = repeated.find(({ about }) => conflicts.some((conflict) => conflict.about === about))
  if (both !== undefined) {
    const key = `external id ${both.about}`
    return passed(`${key} came again with one effect, and was refused with other content`, both.at, [both.detail])
  }
  const [again] = repeated
  if (again !== undefined) return waiting(`external id ${again.about} came again; not yet with other content`, again.at)
  const [conflict] = conflicts
  if (conflict === undefined) return waiting('no contribution came twice yet')
  return waiting(`external id ${conflict.about} was refused with other content; the same did not come again yet`)
}

function webhookSignature({ endpoints, probes }: RunFacts): Finding {
  if (endpoints.length === 0) return waiting('you have no webhook yet')
  const own = probes.filter(({ about }) => endpoints.some((endpoint) => endpoint === about))
  const wrong = own.find(({ detail }) => !isRight(detail))
  if (wrong !== undefined) return failed(complaintOf(wrong), wrong.at, [wrong.about])
  if (own.length < endpoints.length) return waiting('your webhook is about to be tried')
  const last = own.at(-1)
  const ids = own.map(({ about }) => about)
  return passed('what was signed was taken, and what was signed wrongly was refused', last?.at, ids)
}

function isRight(detail: string): boolean {
  return /^2\d\d 4\d\d$/.test(detail)
}

function complaintOf({ detail }: Observed): string {
  const [good = '', bad = ''] = detail.split(' ')
  if (!/^2\d\d$/.test(good)) return `what was signed was not taken: the answer was ${good}`
  return `what was signed wrongly was not refused with 4xx: the answer was ${bad}`
}

function revocationAcknowledged({ consents, now }: RunFacts): Finding {
  const [last] = consents.filter(({ revokedAt }) => revokedAt !== undefined).sort(byRevocation)
  if (last === undefined) return waiting('no consent of this run was revoked yet')
  const { id, record, revokedAt, toldAt, acknowledgedAt } = last
  if (toldAt === undefined)
    return waiting('a consent was revoked; no webhook of yours was told consent.revoked yet', revokedAt)
  const seconds = Math.max(1, Math.ceil(((acknowledgedAt ?? now).getTime() - toldAt.getTime()) / 1000))
  if (seconds > ACKNOWLEDGE_SECONDS) {
    const sentence = acknowledgedAt === undefined ? 'was not acknowledged' : `was acknowledged after ${seconds} s`
    return failed(`a revocation ${sentence}, of at most ${ACKNOWLEDGE_SECONDS} s`, acknowledgedAt ?? toldAt, [
      id,
      record,
    ])
  }
  if (acknowledgedAt === undefined) return waiting('you were told of a revocation, and have not answered yet', toldAt)
  return passed(`a revocation was acknowledged within ${seconds} s`, acknowledgedAt, [id, record])
}

function byRevocation(a: ConsentSeen, b: ConsentSeen): number {
  return (b.revokedAt?.getTime() ?? 0) - (a.revokedAt?.getTime() ?? 0)
}

function waiting(seen: string, at?: Date): Finding {
  return { status: 'WAITING', seen, at, evidence: [] }
}

function passed(seen: string, at: Date | undefined, evidence: readonly string[]): Finding {
  return { status: 'PASSED', seen, at, evidence }
}

function failed(seen: string, at: Date, evidence: readonly string[]): Finding {
  return { status: 'FAILED', seen, at, evidence }
}
