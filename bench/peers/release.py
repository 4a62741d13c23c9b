"""The modules of UniAdapter's PyTorch release, written plainly: ViT, BERT with cross-attention, adapters, LM head.

Attention is an explicit softmax between two matrix products, as in the release and in BLIP; padding is computed; keys and
values of an image are projected for every text that looks at it. Parameters have the release's names.

Notation: B batch, T text tokens, N image tokens, F frames, D width, R bottleneck, P projection, V vocabulary.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Sizes:
    """BLIP-base."""

    width: int = 768
    layers: int = 12
    heads: int = 12
    vision_mlp: int = 3072
    text_mlp: int = 3072
    image: int = 224
    patch: int = 16
    vocabulary: int = 30524
    positions: int = 512
    projection: int = 256
    bottleneck: int = 128
    key_value: int | None = None  # rank of the release's adapter of keys and values; not in the paper
    vision_eps: float = 1e-6
    text_eps: float = 1e-12
    dec: int = 30522
    enc: int = 30523
    pad: int = 0
    tied: bool = True

    @property
    def tokens(self):
        return (self.image // self.patch) ** 2 + 1


class Adapter(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.adapter_layer_norm_before = nn.LayerNorm(s.width)
        self.adapter_layer_norm_cross_modal = nn.LayerNorm(s.width)
        self.down_proj = nn.Linear(s.width, s.bottleneck)
        self.up_proj = nn.Linear(s.bottleneck, s.width)
        self.multi_up_proj = nn.Linear(s.bottleneck, s.width)
        self.visual_up_proj = nn.Linear(s.bottleneck, s.width)

    def forward(self, x, modality):
        h = functional.relu(self.down_proj(self.adapter_layer_norm_before(x)))
        if modality == "visual":
            return self.visual_up_proj(h) * 0.1
        if modality == "text":
            return self.up_proj(h) * 0.1
        return self.adapter_layer_norm_cross_modal(self.multi_up_proj(h) + self.up_proj(h)) * 0.1


class LowRank(nn.Module):
    """What the release adds to the keys or values of cross-attention."""

    def __init__(self, s):
        super().__init__()
        self.down_proj = nn.Linear(s.width, s.key_value)
        self.up_proj = nn.Linear(s.key_value, s.width)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.up_proj(self.down_proj(x)) * self.scale


class VisionAttention(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.heads = s.heads
        self.qkv = nn.Linear(s.width, 3 * s.width)
        self.proj = nn.Linear(s.width, s.width)

    def forward(self, x):
        batch, tokens, width = x.shape
        split = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = split[0], split[1], split[2]
        scores = (query @ key.transpose(-2, -1)) * (width // self.heads) ** -0.5
        return self.proj((scores.softmax(dim=-1) @ value).transpose(1, 2).reshape(batch, tokens, width))


class VisionBlock(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.norm1 = nn.LayerNorm(s.width, eps=s.vision_eps)
        self.attn = VisionAttention(s)
        self.norm2 = nn.LayerNorm(s.width, eps=s.vision_eps)
        self.mlp = nn.Module()
        self.mlp.fc1 = nn.Linear(s.width, s.vision_mlp)
        self.mlp.fc2 = nn.Linear(s.vision_mlp, s.width)

    def forward(self, x, adapter):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp.fc2(functional.gelu(self.mlp.fc1(self.norm2(x)))) + adapter(x, "visual")


class Vision(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, s.width))
        self.pos_embed = nn.Parameter(torch.zeros(1, s.tokens, s.width))
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, s.width, s.patch, s.patch)
        self.blocks = nn.ModuleList(VisionBlock(s) for _ in range(s.layers))
        self.norm = nn.LayerNorm(s.width, eps=s.vision_eps)

    def forward(self, pixels, adapters):
        """[B, 3, S, S] -> [B, N, D]"""
        x = self.patch_embed.proj(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        for block, adapter in zip(self.blocks, adapters):
            x = block(x, adapter)
        return self.norm(x)


class TextAttention(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.heads = s.heads
        self.self = nn.Module()
        for name in ("query", "key", "value"):
            setattr(self.self, name, nn.Linear(s.width, s.width))
        self.output = nn.Module()
        self.output.dense = nn.Linear(s.width, s.width)
        self.output.LayerNorm = nn.LayerNorm(s.width, eps=s.text_eps)

    def split(self, x):
        return x.view(*x.shape[:2], self.heads, -1).permute(0, 2, 1, 3)

    def forward(self, x, mask, seen=None):
        source = x if seen is None else seen.tokens
        key, value = self.self.key(source), self.self.value(source)
        if seen is not None:
            key, value = seen.adapted(key, value)
        query, key, value = self.split(self.self.query(x)), self.split(key), self.split(value)
        scores = query @ key.transpose(-1, -2) / key.shape[-1] ** 0.5 + mask
        context = (scores.softmax(dim=-1) @ value).permute(0, 2, 1, 3).reshape(x.shape)
        return self.output.LayerNorm(self.output.dense(context) + x)


class Seen:
    """What a text looks at: tokens [B, N, D], their mask [B, N], and what multiplies their keys [B, N]."""

    def __init__(self, tokens, mask=None, key_weights=None):
        self.tokens, self.key_weights = tokens, key_weights
        self.mask = hiding(torch.ones(tokens.shape[:2]) if mask is None else mask)
        self.updates = None

    def read_by(self, encoder):
        if hasattr(encoder, "video_key_adapter"):
            self.updates = encoder.video_key_adapter(self.tokens), encoder.video_value_adapter(self.tokens)
        return self

    def adapted(self, key, value):
        if self.updates is not None:
            key, value = key + self.updates[0], value + self.updates[1]
        return (key if self.key_weights is None else key * self.key_weights[..., None]), value


def hiding(mask):
    """1 for what may be seen, 0 for what may not -> what is added to scores, [B, 1, 1, N]."""
    return (1.0 - mask.float())[:, None, None] * -10000.0


class TextLayer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.attention = TextAttention(s)
        self.crossattention = TextAttention(s)
        self.intermediate = nn.Module()
        self.intermediate.dense = nn.Linear(s.width, s.text_mlp)
        self.output = nn.Module()
        self.output.dense = nn.Linear(s.text_mlp, s.width)
        self.output.LayerNorm = nn.LayerNorm(s.width, eps=s.text_eps)

    def forward(self, x, mask, seen, adapter):
        attended = self.attention(x, mask)
        beside = adapter(attended, "text")
        if seen is not None:
            attended = self.crossattention(attended, seen.mask, seen)
            beside = beside + adapter(attended, "cross")
        forward = self.output.dense(functional.gelu(self.intermediate.dense(attended)))
        return self.output.LayerNorm(forward + attended) + beside


class Text(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.embeddings = nn.Module()
        self.embeddings.word_embeddings = nn.Embedding(s.vocabulary, s.width, padding_idx=s.pad)
        self.embeddings.position_embeddings = nn.Embedding(s.positions, s.width)
        self.embeddings.LayerNorm = nn.LayerNorm(s.width, eps=s.text_eps)
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(TextLayer(s) for _ in range(s.layers))
        if s.key_value is not None:
            self.encoder.video_key_adapter = LowRank(s)
            self.encoder.video_value_adapter = LowRank(s)

    def forward(self, ids, mask, adapters, seen=None):
        """ids [B, T], mask [B, 1, 1 or T, T] -> [B, T, D]"""
        parts = self.embeddings
        places = parts.position_embeddings(torch.arange(ids.shape[1]))
        x = parts.LayerNorm(parts.word_embeddings(ids) + places)
        seen = seen and seen.read_by(self.encoder)
        for layer, adapter in zip(self.encoder.layer, adapters):
            x = layer(x, mask, seen, adapter)
        return x


class Decoder(nn.Module):
    """The tower that writes, and its LM head."""

    def __init__(self, s):
        super().__init__()
        self.bert = Text(s)
        self.cls = nn.Module()
        self.cls.predictions = head = nn.Module()
        head.transform = nn.Module()
        head.transform.dense = nn.Linear(s.width, s.width)
        head.transform.LayerNorm = nn.LayerNorm(s.width, eps=s.text_eps)
        head.decoder = nn.Linear(s.width, s.vocabulary, bias=False)
        head.bias = nn.Parameter(torch.zeros(s.vocabulary))
        if s.tied:
            head.decoder.weight = self.bert.embeddings.word_embeddings.weight

    def forward(self, ids, mask, adapters, seen):
        """-> logits [B, T, V]"""
        causal = torch.ones(ids.shape[1], ids.shape[1]).tril()
        hidden = self.bert(ids, (1.0 - causal * mask[:, None, None].float()) * -10000.0, adapters, seen)
        head = self.cls.predictions
        return head.decoder(head.transform.LayerNorm(functional.gelu(head.transform.dense(hidden)))) + head.bias


class Backbone(nn.Module):
    """Both encoders and the adapters that they share."""

    def __init__(self, s):
        super().__init__()
        self.sizes = s
        self.visual_encoder = Vision(s)
        self.text_encoder = Text(s)
        self.adapters = nn.ModuleList(Adapter(s) for _ in range(s.layers))

    def see(self, image):
        """[B, 3, S, S] or [B, F, 3, S, S] -> tokens [B, F*N, D], class tokens [B, F, D]"""
        clips = image if image.dim() == 5 else image[:, None]
        tokens = self.visual_encoder(clips.flatten(0, 1), self.adapters).unflatten(0, clips.shape[:2])
        return tokens.flatten(1, 2), tokens[:, :, 0]

    def multimodal(self, ids, mask, seen):
        """Texts that look at something; [ENC] is their first token. -> [B, T, D]"""
        ids = starting(ids, self.sizes.enc)
        return self.text_encoder(ids, hiding(mask), self.adapters, seen)


class RetrievalModel(Backbone):
    def __init__(self, s):
        super().__init__(s)
        self.vision_proj = nn.Linear(s.width, s.projection)
        self.text_proj = nn.Linear(s.width, s.projection)
        self.itm_head = nn.Linear(s.width, 2)
        self.temp = nn.Parameter(torch.tensor(0.07))

    def image_features(self, class_tokens):
        """Class tokens [B, F, D] -> of the whole [B, P], of each frame [B, F, P]"""
        project = lambda x: functional.normalize(self.vision_proj(x), dim=-1)
        return project(class_tokens.mean(1)), project(class_tokens)

    def text_features(self, ids, mask):
        hidden = self.text_encoder(ids, hiding(mask), self.adapters)
        return functional.normalize(self.text_proj(hidden[:, 0]), dim=-1)


class AnsweringModel(Backbone):
    def __init__(self, s):
        super().__init__(s)
        self.text_decoder = Decoder(s)


def starting(ids, token):
    return torch.cat([torch.full_like(ids[:, :1], token), ids[:, 1:]], 1)


def frame_weights(text, frames, tokens):
    """Features [B, P] and [B, F, P] -> what multiplies the keys of clips, [B, F*N]; 1 for class tokens. No gradient."""
    cosines = torch.einsum("bp,bfp->bf", text.detach().float(), frames.detach().float())
    weights = (cosines / 4).softmax(-1) * frames.shape[1]
    each = weights[:, :, None].repeat(1, 1, tokens)
    each[:, :, 0] = 1
    return each.flatten(1)


def train_adapters(model):
    """Leaves requires_grad on what the release trains; it freezes LN_cross by accident. -> those parameters by name"""
    names = ("adapters.", "video_key_adapter.", "video_value_adapter.", "vision_proj.", "text_proj.", "itm_head.")
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("cross_modal" not in name and any(part in name for part in names))
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
