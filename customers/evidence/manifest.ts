import { z } from 'zod'
import { EVIDENCE_PROFILES } from './evidence-profile.ts'

/** The type in the header of a manifest's signature, so that it is taken for nothing else (RFC 8725 §3.11). */
export const MANIFEST_TYPE = 'evidence-manifest+jws'
export const MANIFEST_FILE = 'manifest.jws'
export const KEYS_FILE = 'jwks.json'

/** What a pack holds: names cannot lead out of its folder. */
export const manifest = z.object({
  version: z.literal(1),
  issuer: z.string(),
  profile: z.enum(EVIDENCE_PROFILES),
  madeAt: z.iso.datetime(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  partner: z.string().optional(),
  customer: z.string().optional(),
  exceptions: z.int(),
  files: z.array(
    z.object({
      name: z.string().regex(/^[a-z]{1,40}\.(?:ndjson|json)$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.int(),
      lines: z.int(),
    }),
  ),
})
export type Manifest = z.output<typeof manifest>
