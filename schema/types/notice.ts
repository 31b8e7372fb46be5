import { hashOfText, type Notice } from '../../customers/notice.ts'
import { builder, type GraphName } from '../builder.ts'

const subGraphs: GraphName[] = ['customer', 'operations']

type NoticeText = { readonly locale: string; readonly text: string }

const noticeTextType = builder.objectRef<NoticeText>('NoticeText').implement({
  description: 'A notice in one language.',
  subGraphs,
  authScopes: { customerOrStaff: true },
  fields: (t) => ({
    locale: t.exposeString('locale', { description: 'Its language, e.g. zh-CN.' }),
    text: t.exposeString('text', { description: 'What it says.' }),
    hash: t.string({ description: 'SHA-256 of the text, hexadecimal.', resolve: ({ text }) => hashOfText(text) }),
  }),
})

/** What customers are told about a purpose. */
export const noticeType = builder.objectRef<Notice>('Notice').implement({
  description: 'What customers are told about a purpose before they agree to it.',
  subGraphs,
  authScopes: { customerOrStaff: true },
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Its version, from 1.' }),
    earlierUntil: t.expose('earlierUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when consents count that were given under earlier versions; absent where they go on.',
    }),
    texts: t.field({
      type: [noticeTextType],
      description: 'What it says, in each language.',
      resolve: ({ texts }) => Object.entries(texts).map(([locale, text]) => ({ locale, text })),
    }),
  }),
})
