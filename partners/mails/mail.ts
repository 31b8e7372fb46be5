/** A mail in one language, to one address. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

/** Sends a mail, or throws. It takes less than a minute. */
export type SendMail = (mail: Mail) => Promise<void>
