import { BUNDLE_VERSION, type Bundle } from './bundle.ts'

/** What a bundle is made of. */
export type BundleParts = {
  readonly record: { readonly body: string; readonly salt: Buffer; readonly seq: number }
  readonly path: readonly Buffer[]
  readonly checkpoint: { readonly size: number; readonly note: string }
  readonly key: string
  readonly earlier?: Bundle['earlier']
}

/** Writes down a record and all that proves it. */
export function assembleBundle({ record, path, checkpoint, key, earlier }: BundleParts): Bundle {
  return {
    format: 'tributary-bundle',
    version: BUNDLE_VERSION,
    record: { body: record.body, salt: record.salt.toString('hex') },
    inclusion: { index: record.seq - 1, size: checkpoint.size, proof: hexOfAll(path) },
    checkpoint: checkpoint.note,
    key,
    ...(earlier === undefined ? {} : { earlier }),
  }
}

/** A proof as documents have it. */
export function hexOfAll(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('hex'))
}
