import { readSettings } from '../../lib/dao/facts.ts'
import { settingCall, SETTINGS } from '../../lib/dao/settings.ts'
import type { CliContext } from '../context.ts'
import { daoOf } from './dao.ts'
import { putToVote, type VoteOptions } from './put-to-vote.ts'

/** `dao set NAME VALUE`: puts it to the vote to change one of the DAO's settings. */
export async function set(context: CliContext, name: string, text: string, options: VoteOptions): Promise<void> {
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined
  if (!setting) throw new Error(`expected one of ${Object.keys(SETTINGS).join(', ')}, got '${name}'`)
  const dao = await daoOf(context, options)
  const value = setting.parse(name, text, dao)
  const settings = await readSettings(dao)
  const words = (amount: bigint) => setting.words(amount, dao)
  const [least, most] = setting.bounds(settings, await dao.membership.totalSupply())
  if (value < least || value > most) {
    throw new Error(`${name} expects ${words(least)} to ${words(most)}, got ${words(value)}`)
  }
  if (value === settings[setting.field]) throw new Error(`${name} is ${words(value)} already`)
  await putToVote(context, dao, [settingCall(dao, setting, value)], options)
}
