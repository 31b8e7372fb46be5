import { dirname } from 'node:path'

/** The absolute path of the checkout that this file belongs to. */
export const checkoutRoot: string = dirname(import.meta.dirname)
