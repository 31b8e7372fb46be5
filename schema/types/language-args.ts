import { builder } from '../builder.ts'
import { languageType } from './enums.ts'

/** In which language a sentence is told. */
export const languageArgs = builder.args((t) => ({
  language: t.field({ type: languageType, required: true, defaultValue: 'en', description: 'In which language.' }),
}))
