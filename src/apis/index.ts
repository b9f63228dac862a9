/** Ready definitions of well-known APIs: limits and headers as their public documentation says. */
export { discord } from './discord.js';
export { github } from './github.js';
export type { GitHubOptions } from './github.js';
export { gitlab } from './gitlab.js';
export type { GitLabOptions } from './gitlab.js';
export { notion } from './notion.js';
export type { NotionOptions } from './notion.js';
export { openAiStyle } from './openai-style.js';
export type { OpenAiStyleModel, OpenAiStyleOptions } from './openai-style.js';
export { reddit } from './reddit.js';
export type { RedditOptions } from './reddit.js';
export { shopify } from './shopify.js';
export type { ShopifyOptions } from './shopify.js';
export { stripe } from './stripe.js';
export type { StripeOptions } from './stripe.js';
