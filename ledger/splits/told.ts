import type { Told } from './explanation.ts'

/** A value of terms as an explanation has it: its integers, which are of any size, as text. */
export function told<T>(value: T): Told<T> {
  return tellPart(value) as Told<T>
}

function tellPart(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`
  if (Array.isArray(value)) return value.map(tellPart)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tellPart(part)]))
}
