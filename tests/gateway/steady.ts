type Body = { readonly extensions?: { readonly cost?: { readonly throttle?: object } } }

/** What a graph answered, without what is left of the quota, which is different each time. */
export async function steady<T extends object = Record<string, unknown>>(answer: Response): Promise<T> {
  const body = (await answer.json()) as T & Body
  const { throttle: _, ...cost } = body.extensions?.cost ?? {}
  return body.extensions === undefined ? body : { ...body, extensions: { ...body.extensions, cost } }
}
