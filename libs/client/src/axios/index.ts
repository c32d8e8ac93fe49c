/** `@oncekey/client/axios`: for axios whose `fetch` adapter takes a `fetch` of ours. */
export { oncekeyAxios, type OncekeyAxios } from './oncekey-axios.ts';
