import { getAddress, isAddress, ZeroAddress } from 'ethers'
import { Fault } from '../kernel/fault.ts'

/**
 * Reads an account as people write it. Throws `INVALID_INPUT` unless it carries its checksum in upper and lower case
 * (EIP-55): a mistyped digit is found by nothing else, and what is sent to another account is gone.
 */
export function parseAccount(text: string): string {
  if (!isAddress(text) || getAddress(text) !== text || text === ZeroAddress) {
    throw new Fault('INVALID_INPUT', 'an account is 0x and 40 digits, in upper and lower case as its checksum asks', {
      field: 'account',
    })
  }
  return text
}
