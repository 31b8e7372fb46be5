import { type DocumentNode, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { assertDocumentLimits, DOCUMENT_LIMITS } from './document-limits.ts'

/** Parses documents within limits, before any other work is done on them. What passed, or did not, is cached by its text. */
export function boundedDocuments(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options: object): DocumentNode => {
        const document = parse(source, { ...options, maxTokens: DOCUMENT_LIMITS.tokens })
        assertDocumentLimits(document)
        return document
      })
    },
  }
}
