/** What decides which Node runs the program; `bundledNode` is the path of the one that npm installed, if any. */
export type Machine = {
  readonly version: string
  readonly platform: string
  readonly arch: string
  readonly bundledNode: string | undefined
}

export type NodeChoice =
  | { readonly kind: 'current' }
  | { readonly kind: 'bundled'; readonly path: string }
  | { readonly kind: 'none'; readonly sentence: string }

export declare function launch(scriptUrl: string, load: () => Promise<unknown>, machine?: Machine): Promise<void>

export declare function chooseNode(machine: Machine): NodeChoice
