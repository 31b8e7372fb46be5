import type { Context } from '../../database/context.ts'
import { type PartnerCaller, SCOPES } from '../../kernel/caller.ts'
import { isId } from '../../kernel/ids.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { findClient } from '../../partners/find-client.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import type { PartnerKind } from '../../partners/partner.ts'
import { makeKey, readKeyFile, writeKeyFile } from './key-files.ts'

type PlannedPartner = {
  readonly code: string
  readonly name: string
  readonly kind: PartnerKind
  /** What it asks customers for. */
  readonly purpose: string
  readonly live: boolean
}

/** A partner that is there, with a client whose private key lies in the folder. */
export type DemoPartner = PlannedPartner & { readonly caller: PartnerCaller }

const planned = (code: string, name: string, kind: PartnerKind, purpose: string, live = true): PlannedPartner => ({
  code,
  name,
  kind,
  purpose,
  live,
})

/** Names are made up. The last one is still in the sandbox. */
export const PLANNED_PARTNERS: readonly PlannedPartner[] = [
  planned('harbour-bank', 'Harbour Bank 海港银行', 'BANK', 'CREDIT'),
  planned('jade-bank', 'Jade River Bank 玉河银行', 'BANK', 'CREDIT'),
  planned('evergreen-life', 'Evergreen Life 长青人寿', 'INSURER', 'INSURANCE'),
  planned('lighthouse-health', 'Lighthouse Health 灯塔健康险', 'INSURER', 'INSURANCE'),
  planned('cloud-travel', 'Cloud Travel 云端旅行', 'SCENARIO', 'TRAVEL'),
  planned('silk-road-tours', 'Silk Road Tours 丝路旅游', 'SCENARIO', 'TRAVEL'),
  planned('bamboo-academy', 'Bamboo Academy 青竹学堂', 'SCENARIO', 'EDUCATION'),
  planned('pearl-market', 'Pearl Market 明珠商城', 'SCENARIO', 'COMMERCE'),
  planned('lantern-shop', 'Lantern Shop 灯笼优选', 'SCENARIO', 'COMMERCE'),
  planned('north-star-tax', 'North Star Tax 北辰税务', 'SERVICE', 'WEALTH'),
  planned('pine-advisory', 'Pine Advisory 松柏投顾', 'SERVICE', 'WEALTH'),
  planned('compass-data', 'Compass Data 罗盘数据', 'DATA', 'WEALTH', false),
]

/** Makes the partners that are missing, each with a client and its key file. Those that are there are left as they are. */
export async function loadPartners(
  context: Context,
  folder: string,
  onDone: (count: number) => void,
): Promise<readonly DemoPartner[]> {
  const partners: DemoPartner[] = []
  for (const plan of PLANNED_PARTNERS) {
    partners.push(await loadPartner(context, folder, plan))
    onDone(1)
  }
  return partners
}

async function loadPartner(context: Context, folder: string, plan: PlannedPartner): Promise<DemoPartner> {
  const { code, name, kind, live } = plan
  const partner =
    (await findPartner(context, code)) ?? (await createPartner(context, { code, name, kind, synthetic: true }))
  const client = (await keptClient(context, folder, code)) ?? (await newClient(context, folder, code))
  if (live && partner.status === 'SANDBOX') await goLive(context, { partner: code })
  const caller = { kind: 'partner', partner: partner.id, client, scopes: new Set(SCOPES), requestId: 'demo' } as const
  return { ...plan, caller }
}

/** The client of the key file, if this database knows it. */
async function keptClient(
  context: Context,
  folder: string,
  code: string,
): Promise<PartnerCaller['client'] | undefined> {
  const clientId = await readKeyFile(folder, code)
  if (clientId === undefined || !isId('cli', clientId)) return undefined
  const client = await findClient(context, clientId)
  return client?.status === 'ACTIVE' && client.partner.code === code ? client.id : undefined
}

async function newClient(context: Context, folder: string, code: string): Promise<PartnerCaller['client']> {
  const { publicJwk, privateJwk } = makeKey(code)
  const { id } = await createClient(context, {
    partner: code,
    name: 'Demonstration',
    jwks: { keys: [publicJwk] },
    scopes: [...SCOPES],
  })
  await writeKeyFile(folder, code, { clientId: id, jwk: privateJwk })
  return id
}
