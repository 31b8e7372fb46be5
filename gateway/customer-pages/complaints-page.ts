import { Fault } from '../../kernel/fault.ts'
import { complain } from '../../partners/complaints/complain.ts'
import { COMPLAINT_CATEGORIES, type Complaint, type ComplaintCategory } from '../../partners/complaints/complaint.ts'
import { listKnownPartners, listOwnComplaints } from '../../partners/complaints/list-complaints.ts'
import { withdrawOwnComplaint } from '../../partners/complaints/withdraw-complaint.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { keyOf } from './change-consent.ts'
import { complaintWords } from './complaint-words.ts'
import { dayOf, namesFor, timeOf } from './names.ts'
import { carried, type OwnVisit, sendOwn } from './own-visit.ts'
import { MINE } from './session.ts'

const PAGE = 20

/** Where a customer complains, and sees what became of it. */
const COMPLAINTS = `${MINE}/complaints`

/** The form with which one complains, and one's complaints, the last first. */
export async function showComplaints(visit: OwnVisit, problem?: 'incomplete' | 'tooMany'): Promise<void> {
  const { parts, session, language, words, request } = visit
  const own = complaintWords(language)
  const { after } = request.query
  const page = { first: PAGE, ...(typeof after === 'string' && { after }) }
  const [partners, { edges, hasNextPage }] = await Promise.all([
    listKnownPartners(parts.context, session),
    listOwnComplaints(parts.context, session, page),
  ])
  const made = edges.map(({ node }) => node)
  const names = await namesFor(
    parts.context,
    language,
    made.map(({ partner }) => partner),
  )
  const cursor = hasNextPage ? edges.at(-1)?.cursor : undefined
  const body = html`<p>${own.lead}</p>${partners.length === 0 ? html`<p class="soft">${own.nobody}</p>` : formOf(visit, partners)}
<h2>${own.mine}</h2>${made.length === 0 ? html`<p class="soft">${words.none}</p>` : made.map((one) => shown(visit, one, names.partner(one.partner)))}
${cursor && html`<p><a href="${COMPLAINTS}?after=${cursor}">${words.older}</a></p>`}`
  sendOwn(visit, { title: own.title, body, problem: problem && own[problem] })
}

/** Complains once, however often the form is sent. */
export async function sendComplaint(visit: OwnVisit): Promise<void> {
  const { parts, session, form, response } = visit
  const { accountKey } = session
  const [partner, text] = [form.get('partner') ?? '', form.get('text') ?? '']
  const category = COMPLAINT_CATEGORIES.find((one) => one === form.get('category'))
  if (partner === '' || category === undefined) return showComplaints(visit, 'incomplete')
  try {
    await complain(parts.context, { accountKey, partner, category, text, idempotencyKey: keyOf(form) })
  } catch (error) {
    const problem = problemIn(error)
    if (problem === undefined) throw error
    return showComplaints(visit, problem)
  }
  response.redirect(303, COMPLAINTS)
}

/** Withdraws one of one's own. */
export async function takeBack({ parts, session, request, response, form }: OwnVisit): Promise<void> {
  const { accountKey } = session
  const complaint = String(request.params['id'])
  await withdrawOwnComplaint(parts.context, { accountKey, complaint, idempotencyKey: keyOf(form) })
  response.redirect(303, COMPLAINTS)
}

function problemIn(error: unknown): 'incomplete' | 'tooMany' | undefined {
  if (!(error instanceof Fault)) return undefined
  if (error.code === 'INVALID_INPUT' && error.field === 'text') return 'incomplete'
  return error.code === 'WRONG_STATE' ? 'tooMany' : undefined
}

type Named = { readonly code: string; readonly name: string }

/** What was sent stands in it again, where it could not be taken. */
function formOf(visit: OwnVisit, partners: readonly Named[]): Html {
  const { language, form, request } = visit
  const own = complaintWords(language)
  const meant = form.get('partner') ?? request.query['partner']
  const option = (value: string, label: string, chosen: unknown) =>
    html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${label}</option>`
  const kinds = COMPLAINT_CATEGORIES.map((one: ComplaintCategory) =>
    option(one, own.category[one], form.get('category')),
  )
  return html`<form method="post" action="${COMPLAINTS}">${carried(visit)}
<p><label for="partner">${own.about}</label><select id="partner" name="partner">${partners.map(({ code, name }) => option(code, name, meant))}</select></p>
<p><label for="category">${own.what}</label><select id="category" name="category">${kinds}</select></p>
<p><label for="text">${own.text}</label><textarea id="text" name="text" rows="6" required maxlength="2000">${form.get('text') ?? ''}</textarea></p>
<p><button class="main">${own.send}</button></p></form>`
}

function shown(visit: OwnVisit, complaint: Complaint, partner: string): Html {
  const { language } = visit
  const own = complaintWords(language)
  const { id, category, status, words, receivedAt, dueAt, decidedAt } = complaint
  const open = decidedAt === undefined
  const facts: readonly (readonly [string, string | undefined])[] = [
    [own.received, timeOf(receivedAt, language)],
    [own.due, open ? dayOf(dueAt, language) : undefined],
    [own.decided, decidedAt && timeOf(decidedAt, language)],
    [own.text, words?.said],
    [own.answer, words?.answer],
    [own.remedy, words?.remedy],
  ]
  const said = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [html`<dt>${name}</dt><dd class="said">${value}</dd>`],
  )
  const back = html`<form method="post" action="${COMPLAINTS}/${id}/withdraw">${carried(visit)}<button>${own.withdraw}</button></form>`
  return html`<section><b>${partner}</b> – ${own.category[category]}<br><span class="state">${own.status[status]}</span><dl>${said}</dl>${open ? back : undefined}</section>
`
}
