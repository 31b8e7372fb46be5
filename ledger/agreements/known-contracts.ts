import type { Reader } from '../../database/client.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { selectKnownIds } from '../store/known-ids.ts'

const TABLES = {
  agr: 'agreements',
  apr: 'agreement_proposals',
  doc: 'contract_documents',
  prg: 'programmes',
  tpr: 'terms_proposals',
  trm: 'terms',
} as const
type Prefix = keyof typeof TABLES
const PREFIXES = Object.keys(TABLES) as readonly Prefix[]

/** Id of something that a record of a contract may name. */
export type ContractId = { readonly [P in Prefix]: Id<P> }[Prefix]

/** Those of the ids under which there is a row: one statement for each table that is named. */
export async function knownContracts(sql: Reader, ids: readonly ContractId[]): Promise<ReadonlySet<ContractId>> {
  const known = new Set<ContractId>()
  for (const prefix of PREFIXES) {
    const asked = ids.filter((id) => isId(prefix, id))
    for (const id of await selectKnownIds<Prefix>(sql, TABLES[prefix], asked)) known.add(id)
  }
  return known
}
