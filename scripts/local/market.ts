import { id } from 'ethers'
import { ACTOR_ADDRESSES } from './actors.ts'

export const MARKET_ADDRESS = ACTOR_ADDRESSES.market

/** Topics of the local market's events; the real market's are built-in events, which eth_getLogs never shows. */
export const DEAL_EVENTS = [id('DealPublished(uint64,address,uint64)'), id('DealActivated(uint64,uint64,int64)')]
