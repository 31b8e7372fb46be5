import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { bankAccountEvent, ownAccountEvent } from './account-records.ts'
import { endBankAccountRow, insertBankAccount, verifyBankAccountRow } from './store/bank-accounts.ts'
import { insertKeyVersion } from './store/key-versions.ts'
import { insertOwnAccount, rejectOwnAccountRow, selectOwnAccount, verifyOwnAccountRow } from './store/own-accounts.ts'

/**
 * Bank accounts out of the log, where each stands as it was sealed when it was entered. Rows may be under a later version of
 * the key, so what is sealed is not compared: that it is what was entered shows when it opens.
 */
export const bankAccountProjector: Projector = {
  kinds: ['bank_account', 'own_account'],
  tables: [
    { name: 'bank_accounts', key: ['id'], free: ['sealed', 'key_version'] },
    { name: 'own_accounts', key: ['id'], free: ['sealed', 'key_version'] },
    { name: 'bank_key_versions', key: ['version'] },
  ],
  project: projectEach(projectOne),
}

function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  return body.kind === 'bank_account' ? projectBankAccount(tx, body) : projectOwnAccount(tx, body)
}

/** What becomes of an account waits for what it was before. */
async function projectBankAccount(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(bankAccountEvent, body)
  const act = { by: body.actor, record: { id: body.id, at: new Date(body.at) } }
  switch (told.event) {
    case 'PROPOSED': {
      const { event: _, account: id, keyVersion, sealed, ...face } = told
      await insertBankAccount(tx, { id, ...face }, { ...act, keyVersion, sealed })
      return true
    }
    case 'VERIFIED': {
      const { account, checked, usableFrom } = told
      return verifyBankAccountRow(tx, account, { checked, usableFrom, ...act })
    }
    case 'KEY_BEGUN':
      await insertKeyVersion(tx, told.version, act)
      return true
    default:
      return endBankAccountRow(tx, told.account, { end: told.event, reason: told.reason, ...act })
  }
}

/** An account of ours waits also for the end of another one that had its code. */
async function projectOwnAccount(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(ownAccountEvent, body)
  const act = { by: body.actor, record: { id: body.id, at: new Date(body.at) } }
  switch (told.event) {
    case 'PROPOSED': {
      const { event: _, account: id, keyVersion, sealed, ...shown } = told
      if ((await selectOwnAccount(tx, told.code)) !== undefined) return false
      await insertOwnAccount(tx, { id, ...shown }, { ...act, keyVersion, sealed })
      return true
    }
    case 'VERIFIED':
      return verifyOwnAccountRow(tx, told.account, { checked: told.checked, ...act })
    default:
      return rejectOwnAccountRow(tx, told.account, { reason: told.reason, ...act })
  }
}
