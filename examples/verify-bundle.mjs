#!/usr/bin/env node
// Checks a bundle of one record of a Tributary log. One file, nothing to install: Node 20 or later, in any folder.
//
//   node verify-bundle.mjs FILE [--key VKEY] [--checkpoint FILE] [--rpc URL --contract ADDRESS]
//
// It was written from the public texts and shares no code with the log that it checks:
//   RFC 9162 §2.1 (Merkle trees and proofs), C2SP signed-note.md and tlog-checkpoint.md (signed checkpoints).
// Each check is one line: ok, wrong or unchecked. The exit code is 0 only when nothing that was given is wrong.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

// The first four bytes of keccak-256 over these signatures, which node:crypto does not have.
const HEAD = '0x8f7dcfa3' // head() returns (uint64 sequence, uint64 size, bytes32 root)
const ANCHORS = '0xfa210653' // anchors(uint64) returns (uint64 size, bytes32 root, bytes32 previousRoot, uint64 at)
const ANCHORS_SEARCHED = 256

const lines = []
const say = (result, check, why) => lines.push({ result, check, why })

try {
  const options = readArguments(process.argv.slice(2))
  await check(readBundle(options.file), options)
} catch (error) {
  say('wrong', 'form', error.message)
}
for (const { result, check, why } of lines) console.log(`${result.padEnd(10)}${check.padEnd(12)}${why}`)
const sound = lines.every(({ result }) => result !== 'wrong')
console.log(sound ? 'sound' : 'NOT SOUND')
process.exitCode = sound ? 0 : 1

async function check(bundle, { key, checkpoint, rpc, contract }) {
  const entry = sha256(hex(bundle.record.salt), Buffer.from(bundle.record.body, 'utf8'))
  const body = checkRecord(bundle.record.body)
  const verifier = checkKey(bundle.key, key)
  const head = checkSignature('signature', bundle.checkpoint, verifier)
  checkInclusion(bundle.inclusion, entry, head)
  const earlier = bundle.earlier && checkEarlier(bundle.earlier, head, verifier)
  if (checkpoint) checkKept(readFileSync(checkpoint, 'utf8'), bundle, head, verifier)
  if (bundle.disclosure) checkDisclosure(bundle.disclosure, body)
  const anchored = bundle.anchor && checkAnchor(bundle.anchor, head)
  if (rpc)
    await checkChain({ rpc, contract, anchor: anchored && bundle.anchor, heads: [head, earlier].filter(Boolean) })
}

// ---- the record -----------------------------------------------------------------------------------------------------

function checkRecord(text) {
  try {
    const body = JSON.parse(text)
    if (![body.id, body.kind, body.at, body.actor].every((member) => typeof member === 'string')) throw new Error()
    if (body.v !== '1') throw new Error()
    say('ok', 'record', `${body.id}, ${body.kind}, ${body.at}${body.partner ? `, of ${body.partner}` : ''}`)
    return body
  } catch {
    say('wrong', 'record', 'its body is not one of a record')
  }
}

function checkInclusion({ index, size, proof }, entry, head) {
  if (!head) return say('wrong', 'inclusion', 'there is no signed root to lead to')
  if (size !== head.size) {
    return say('wrong', 'inclusion', `the proof is for ${size} records, the checkpoint for ${head.size}`)
  }
  const root = rootOfInclusion(entry, index, size, proof.map(hex))
  if (!root?.equals(head.root)) {
    return say('wrong', 'inclusion', 'body, salt, place and proof do not lead to the signed root')
  }
  say('ok', 'inclusion', `it stands in place ${index + 1} of ${size}`)
}

// A batch of disclosures is one record with the root of a tree of its own.
function checkDisclosure({ row, salt, index, count, proof }, body) {
  if (body?.kind !== 'disclosure_batch')
    return say('wrong', 'disclosure', 'the record is not of a batch of disclosures')
  if (body.data?.count !== String(count))
    return say('wrong', 'disclosure', `the batch has ${body.data?.count}, not ${count}`)
  const root = rootOfInclusion(sha256(hex(salt), Buffer.from(row, 'utf8')), index, count, proof.map(hex))
  if (root?.toString('hex') !== body.data.root) {
    return say('wrong', 'disclosure', 'row, salt, place and proof do not lead to the root of the batch')
  }
  say('ok', 'disclosure', `it stands in place ${index + 1} of ${count} of its batch`)
}

// ---- keys and signed checkpoints (C2SP signed-note.md, tlog-checkpoint.md) --------------------------------------------

function checkKey(own, given) {
  const verifier = readKey(given ?? own)
  if (!verifier) say('wrong', 'key', 'it is not the public key of a log')
  else if (given === undefined) {
    say('unchecked', 'key', 'it is the bundle’s own: compare it with the one that you were given')
  } else if (given === own) say('ok', 'key', 'it is the one that you gave')
  else say('wrong', 'key', 'the bundle’s is not the one that you gave')
  return verifier
}

// <name>+<first 4 bytes of SHA-256(name, newline, type, key) in hexadecimal>+<base64 of type and key>; type 1 is Ed25519
function readKey(text) {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  if (!name) return undefined
  const typed = Buffer.from(base64, 'base64')
  if (typed.length !== 33 || typed[0] !== 1 || typed.toString('base64') !== base64) return undefined
  const keyId = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4)
  if (keyId.toString('hex') !== id) return undefined
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') }
  return { name, keyId, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) }
}

function checkSignature(check, note, verifier) {
  const head = verifier && openCheckpoint(note, verifier)
  if (head) say('ok', check, `${head.origin} signed for ${head.size} records`)
  else say('wrong', check, 'the checkpoint is not signed with this key')
  return head
}

function openCheckpoint(note, { name, keyId, publicKey }) {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, end + 1)
  const signed = note
    .slice(end + 2, -1)
    .split('\n')
    .map((line) => /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line))
    .some((line) => {
      if (line?.[1] !== name) return false
      const signature = Buffer.from(line[2], 'base64')
      return signature.subarray(0, 4).equals(keyId) && verify(null, Buffer.from(text), publicKey, signature.subarray(4))
    })
  const [origin, count, base64] = text.split('\n')
  const root = Buffer.from(base64 ?? '', 'base64')
  const sound = /^(0|[1-9][0-9]{0,15})$/.test(count ?? '') && root.length === 32 && root.toString('base64') === base64
  return signed && sound && origin === name ? { origin, size: Number(count), root } : undefined
}

// ---- other heads of the log -------------------------------------------------------------------------------------------

function checkEarlier({ checkpoint, proof }, head, verifier) {
  const earlier = verifier && openCheckpoint(checkpoint, verifier)
  if (!earlier || !head) {
    say('wrong', 'earlier', 'the earlier checkpoint is not signed with this key')
  } else if (grewFrom(earlier, head, proof.map(hex))) {
    say('ok', 'earlier', `the log begins with the ${earlier.size} records signed before`)
    return earlier
  } else {
    say(
      'wrong',
      'earlier',
      `the log of ${head.size} records is not proven to begin with the ${earlier.size} signed before`,
    )
  }
}

function checkKept(note, { earlier }, head, verifier) {
  const kept = verifier && openCheckpoint(note, verifier)
  if (!kept || !head) return say('wrong', 'kept', 'the checkpoint that you kept is not signed with this key')
  if (kept.size > head.size) {
    return say('wrong', 'kept', `you kept one of ${kept.size} records: ask for a bundle as new as that`)
  }
  const needsProof = kept.size > 0 && kept.size < head.size
  const proof = needsProof ? (earlier?.proof ?? []).map(hex) : []
  const what = `the log begins with the ${kept.size} records of the checkpoint that you kept`
  if (grewFrom(kept, head, proof)) say('ok', 'kept', what)
  else say('wrong', 'kept', `the bundle does not prove that ${what}`)
}

function checkAnchor({ size, root, proof = [], contract, chainId }, head) {
  const anchored = { size, root: hex(root) }
  const [before, after] = head && size <= head.size ? [anchored, head] : [head, anchored]
  if (!head || !grewFrom(before, after, proof.map(hex))) {
    return say('wrong', 'anchor', `the anchored root of ${size} records is not proven to be of the same log`)
  }
  say('unchecked', 'anchor', `of the same log; contract ${contract} on chain ${chainId} is for --rpc to ask`)
  return true
}

// ---- Merkle trees (RFC 9162 §2.1) --------------------------------------------------------------------------------------

function sha256(...parts) {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return digest.digest()
}

function hashChildren(left, right) {
  return sha256(Buffer.from([1]), left, right)
}

// §2.1.3.2, the names of its variables kept; BigInt, because a tree may have more than 2^32 leaves
function rootOfInclusion(entry, index, size, path) {
  if (index >= size) return undefined
  let fn = BigInt(index)
  let sn = BigInt(size) - 1n
  let r = sha256(Buffer.from([0]), entry)
  for (const p of path) {
    if (sn === 0n) return undefined
    if (fn % 2n === 1n || fn === sn) {
      r = hashChildren(p, r)
      while (fn % 2n === 0n && fn !== 0n) {
        fn /= 2n
        sn /= 2n
      }
    } else {
      r = hashChildren(r, p)
    }
    fn /= 2n
    sn /= 2n
  }
  return sn === 0n ? r : undefined
}

// §2.1.4.2
function grewFrom(first, second, path) {
  if (first.size > second.size) return false
  if (first.size === second.size) return path.length === 0 && first.root.equals(second.root)
  if (first.size === 0) return path.length === 0 && first.root.equals(sha256())
  const isPower = Number.isInteger(Math.log2(first.size))
  const [start, ...rest] = isPower ? [first.root, ...path] : path
  if (!start) return false
  let fn = BigInt(first.size) - 1n
  let sn = BigInt(second.size) - 1n
  while (fn % 2n === 1n) {
    fn /= 2n
    sn /= 2n
  }
  let [fr, sr] = [start, start]
  for (const c of rest) {
    if (sn === 0n) return false
    if (fn % 2n === 1n || fn === sn) {
      fr = hashChildren(c, fr)
      sr = hashChildren(c, sr)
      while (fn % 2n === 0n && fn !== 0n) {
        fn /= 2n
        sn /= 2n
      }
    } else {
      sr = hashChildren(sr, c)
    }
    fn /= 2n
    sn /= 2n
  }
  return sn === 0n && fr.equals(first.root) && sr.equals(second.root)
}

// ---- the chain (plain JSON-RPC) ----------------------------------------------------------------------------------------

// With an anchor in the bundle, the contract must hold it. Without one, it must hold a head that the bundle speaks of.
async function checkChain({ rpc, contract, anchor, heads }) {
  try {
    const words = async (data) => split(await call(rpc, 'eth_call', [{ to: contract, data }, 'latest']))
    if (anchor) return say(...(await checkAnchored(rpc, contract, anchor, words)))
    const [last] = await words(HEAD)
    for (let sequence = number(last); sequence > 0 && sequence > number(last) - ANCHORS_SEARCHED; sequence--) {
      const [size, root] = await words(ANCHORS + sequence.toString(16).padStart(64, '0'))
      const head = heads.find((each) => each.size === number(size))
      if (head && head.root.toString('hex') !== root) {
        return say('wrong', 'chain', `anchor ${sequence} holds another root for ${head.size} records`)
      }
      if (head) return say('ok', 'chain', `anchor ${sequence} holds the root of ${head.size} records`)
    }
    say('wrong', 'chain', 'the contract holds no head that this bundle can be compared with')
  } catch (error) {
    say('wrong', 'chain', `the chain could not be asked: ${error.message}`)
  }
}

async function checkAnchored(rpc, contract, anchor, words) {
  if (anchor.contract.toLowerCase() !== contract.toLowerCase()) {
    return ['wrong', 'chain', 'the bundle’s anchor is in another contract than the one that you gave']
  }
  if (BigInt(await call(rpc, 'eth_chainId', [])) !== BigInt(anchor.chainId)) {
    return ['wrong', 'chain', 'the bundle’s anchor is on another chain']
  }
  const [size, root] = await words(ANCHORS + anchor.sequence.toString(16).padStart(64, '0'))
  if (number(size) !== anchor.size || root !== anchor.root) {
    return ['wrong', 'chain', `anchor ${anchor.sequence} of the contract does not hold this size and root`]
  }
  const receipt = anchor.transaction && (await call(rpc, 'eth_getTransactionReceipt', [anchor.transaction]))
  if (anchor.transaction && (receipt?.status !== '0x1' || receipt.to?.toLowerCase() !== contract.toLowerCase())) {
    return ['wrong', 'chain', 'the transaction is not one that the contract took']
  }
  return ['ok', 'chain', `anchor ${anchor.sequence} of the contract holds the root of ${anchor.size} records`]
}

async function call(rpc, method, params) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result, error } = await response.json()
  if (error) throw new Error(error.message)
  return result
}

function split(data) {
  const words = data.slice(2).match(/.{64}/g)
  if (!words) throw new Error('there is no such contract at this address')
  return words
}

function number(word) {
  return Number(BigInt(`0x${word}`))
}

// ---- what is given -------------------------------------------------------------------------------------------------------

function readArguments(given) {
  const options = {}
  for (let at = 0; at < given.length; at++) {
    const name = /^--(key|checkpoint|rpc|contract)$/.exec(given[at])?.[1]
    if (name) options[name] = given[++at]?.trim()
    else if (options.file === undefined && !given[at].startsWith('--')) options.file = given[at]
    else throw new Error(`what is ${given[at]}?`)
  }
  if (!options.file)
    throw new Error('usage: verify-bundle.mjs FILE [--key VKEY] [--checkpoint FILE] [--rpc URL --contract ADDRESS]')
  if ((options.rpc === undefined) !== (options.contract === undefined))
    throw new Error('--rpc and --contract go together')
  return options
}

// The whole form is checked before anything is believed: members that are not known are refused.
function readBundle(file) {
  const bundle = JSON.parse(readFileSync(file, 'utf8'))
  const text = (value) => typeof value === 'string'
  const count = (value) => Number.isSafeInteger(value) && value >= 0
  const bytes = (length) => (value) => text(value) && value.length === 2 * length && /^[0-9a-f]*$/.test(value)
  const proof = (value) => Array.isArray(value) && value.length <= 64 && value.every(bytes(32))
  const optional = (form) => (value) => value === undefined || form(value)
  const object = (where, members) => (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`${where} is not an object`)
    for (const name of Object.keys(value))
      if (!(name in members)) throw new Error(`${where} has an unknown member ${name}`)
    for (const [name, form] of Object.entries(members)) {
      if (!form(value[name])) throw new Error(`${where}: ${name} is missing or not of its form`)
    }
    return true
  }
  object('the bundle', {
    format: (value) => value === 'tributary-bundle',
    version: (value) => value === 1,
    record: object('record', { body: text, salt: bytes(16) }),
    inclusion: object('inclusion', { index: count, size: count, proof }),
    checkpoint: text,
    key: text,
    earlier: optional(object('earlier', { checkpoint: text, proof })),
    anchor: optional(
      object('anchor', {
        chainId: (value) => text(value) && /^[1-9][0-9]{0,30}$/.test(value),
        contract: (value) => text(value) && /^0x[0-9a-fA-F]{40}$/.test(value),
        sequence: count,
        transaction: optional((value) => text(value) && /^0x[0-9a-f]{64}$/.test(value)),
        size: count,
        root: bytes(32),
        proof: optional(proof),
      }),
    ),
    disclosure: optional(object('disclosure', { row: text, salt: bytes(32), index: count, count, proof })),
  })(bundle)
  return bundle
}

function hex(digits) {
  return Buffer.from(digits, 'hex')
}
