export { notSent, post } from './post.ts'
export { isPublicAddress, pinnedAddress, type Resolve } from './public-address.ts'
