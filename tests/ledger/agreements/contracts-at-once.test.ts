import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../database/client.ts'
import { activateTerms } from '../../../ledger/agreements/activate-terms.ts'
import { countersignTerms } from '../../../ledger/agreements/countersign-terms.ts'
import { listTerms } from '../../../ledger/agreements/list-terms.ts'
import { listTermsProposals } from '../../../ledger/agreements/list-terms-proposals.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { withdrawTerms } from '../../../ledger/agreements/withdraw-terms.ts'
import { recordsNaming } from '../../partners/factories.ts'
import { contextOver, TEST_TIME, useWorld } from '../../support/database.ts'
import type { ActivatingOrder } from './activating-process.ts'
import { programmeOf, proposed, signer } from './contract-scene.ts'
import { someProgramme, termsInput } from './factories.ts'

const world = useWorld()
const PROCESS = fileURLToPath(new URL('./activating-process.ts', import.meta.url))
const run = promisify(execFile)

test('of several processes that activate at once, one does, and all say the same', { timeout: 60_000 }, async () => {
  const programme = await someProgramme(world.context)
  const { id: proposal } = await proposed(world.context, programme)
  const order: ActivatingOrder = { address: world.address, now: TEST_TIME, proposal }
  const told = await Promise.all([1, 2, 3].map(() => run(process.execPath, [PROCESS, JSON.stringify(order)])))
  const versions = await listTerms(world.context, { programme: programme.code })
  expect(told.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 3 }, () => versions[0]?.id))
  expect(versions).toHaveLength(1)
  const steps = await recordsNaming(world.context, { kind: 'terms_proposal', id: proposal })
  expect(steps.filter(({ event }) => event === 'ACTIVATED')).toHaveLength(1)
})

test('a signature, an activation and a withdrawal at once leave what all agree on', { timeout: 60_000 }, async () => {
  const other = openDatabase(world.address, 'tributary:tests:other', 4)
  try {
    const elsewhere = contextOver(other, world.clock)
    for (let round = 0; round < 12; round++) {
      const member = await signer(world.context)
      const programme = await programmeOf(world.context, [member])
      const { id: proposal, hash } = await proposed(world.context, programme)
      const results = await Promise.allSettled([
        countersignTerms(world.context, { caller: member, proposal, hash, idempotencyKey: randomUUID() }),
        activateTerms(elsewhere, { proposal }),
        ...(round % 2 === 0 ? [withdrawTerms(elsewhere, { proposal, reason: 'r' })] : []),
        activateTerms(world.context, { proposal }),
      ])
      for (const one of results) {
        if (one.status === 'rejected') expect(['NOT_READY', 'WRONG_STATE']).toContain(one.reason.code)
      }
      const { edges } = await listTermsProposals(world.context, { programme: programme.code, page: { first: 1 } })
      const [{ node }] = edges as [(typeof edges)[number]]
      const versions = await listTerms(world.context, { programme: programme.code })
      expect(versions.map(({ id }) => id)).toEqual(node.status === 'ACTIVATED' ? [node.terms] : [])
    }
  } finally {
    await other.close()
  }
})

test('an activation and a publication of the same version at once: one stands', async () => {
  for (let round = 0; round < 4; round++) {
    const programme = await someProgramme(world.context)
    const { id: proposal } = await proposed(world.context, programme)
    const terms = termsInput(programme.code, { minimumPayout: '1' })
    const results = await Promise.allSettled([
      activateTerms(world.context, { proposal }),
      publishTerms(world.context, { programme: programme.code, terms }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await listTerms(world.context, { programme: programme.code })).toHaveLength(1)
  }
})
