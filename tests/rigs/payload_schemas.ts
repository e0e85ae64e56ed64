// What may be sent to Slack, put together from Slack's own types; payload_schemas.mjs reads it.
import type {
  ActionsBlock, ContextBlock, DividerBlock, HeaderBlock, HomeView, ImageBlock, InputBlock, KnownBlock,
  ModalView, RichTextBlock, SectionBlock, VideoBlock,
} from '@slack/types';

export interface Message {
  channel?: string;
  user?: string;
  thread_ts?: string;
  ts?: string;
  text: string; // optional for Slack; without it notifications and screen readers say nothing
  blocks?: KnownBlock[];
  unfurl_links?: boolean;
  unfurl_media?: boolean;
  response_type?: 'ephemeral' | 'in_channel';
  replace_original?: boolean;
  delete_original?: boolean;
}

// The types let every view hold any object with a `type`; these are the blocks of views.
type ViewBlock =
  | ActionsBlock | ContextBlock | DividerBlock | HeaderBlock | ImageBlock | InputBlock | RichTextBlock
  | SectionBlock | VideoBlock;

export interface Modal extends Omit<ModalView, 'blocks'> { blocks: ViewBlock[] }
export interface Home extends Omit<HomeView, 'blocks'> { blocks: ViewBlock[] }
