"""What Hugging Face transformers does of search: embedding images and texts, matching pairs. BLIP-base, random weights."""

import torch
from torch.nn import functional
from transformers import BlipConfig, BlipForImageTextRetrieval


class Search:
    def __init__(self, layers):
        depth, tokens = dict(num_hidden_layers=layers), dict(bos_token_id=30522, pad_token_id=0, sep_token_id=102)
        text = dict(vocab_size=30524, encoder_hidden_size=768, num_attention_heads=12, **depth, **tokens)
        vision = dict(image_size=384, **depth)
        config = BlipConfig(text_config=text, vision_config=vision, image_text_hidden_size=256)
        self.model = BlipForImageTextRetrieval(config).eval()

    def images(self, pixels):
        """[B, 3, S, S] -> tokens [B, N, D], features [B, P]"""
        tokens = self.model.vision_model(pixels).last_hidden_state
        return tokens, functional.normalize(self.model.vision_proj(tokens[:, 0]), dim=-1)

    def texts(self, ids, mask):
        hidden = self.model.text_encoder(ids, attention_mask=mask).last_hidden_state
        return functional.normalize(self.model.text_proj(hidden[:, 0]), dim=-1)

    def matches(self, tokens, ids, mask, rows, at_once=32):
        """How well pairs match: image `rows[i]` and text i. -> [pairs]"""
        logits = []
        for i in range(0, len(ids), at_once):
            part = slice(i, i + at_once)
            seen = tokens[rows[part]]
            hidden = self.model.text_encoder(
                ids[part], attention_mask=mask[part], encoder_hidden_states=seen,
                encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long),
            ).last_hidden_state
            logits.append(self.model.itm_head(hidden[:, 0])[:, 1])
        return torch.cat(logits)
