import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { SendMail } from '../partners/mails/mail.ts'
import { writePrivately } from './demo/private-files.ts'

/**
 * Lays each mail into a folder, as a file that its owner alone can read (RFC 5322): in development somebody looks there, in
 * production a mail program takes them from it, unless there is a mail server (`mail-server.ts`).
 */
export function mailFolder(dataDir: string): SendMail {
  const folder = path.join(dataDir, 'mails')
  return async ({ to, subject, text }) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const head = [`To: ${to}`, `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`, 'MIME-Version: 1.0']
    const type = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit']
    const name = `${Date.now()}-${randomUUID()}.eml`
    await writePrivately(path.join(folder, name), [...head, ...type, '', text].join('\r\n'))
  }
}
