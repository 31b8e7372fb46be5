import { Option } from 'commander'
import { LANGUAGES, type Language } from '../../ledger/splits/explain/words.ts'

/** What {@link languageOption} gives. */
export type LanguageOption = { readonly language: Language }

/** `--language`: in which language sentences are told. */
export function languageOption(): Option {
  return new Option('--language <language>', 'of the sentences').choices(LANGUAGES).default('en')
}
