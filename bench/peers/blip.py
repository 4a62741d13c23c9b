"""Writes BLIP checkpoints with random weights, as Hugging Face and the original authors' scripts do, and what they compute.

    python blip.py small FOLDER             # the fixtures of the test suite
    python blip.py base|large FOLDER        # the published sizes, one folder a model

Each folder holds a checkpoint and expected.safetensors: inputs, outputs and generated ids of transformers' modules in
float32. Texts start with [ENC] where they look at an image, as in the original; transformers leaves that to its caller.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    BlipConfig,
    BlipForConditionalGeneration,
    BlipForImageTextRetrieval,
    BlipForQuestionAnswering,
)

VISION = {
    "small": dict(hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=2, image_size=32, patch_size=8),
    "base": dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, image_size=384, patch_size=16),
    "large": dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, image_size=384, patch_size=16),
}
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] a picture of cat dog on the mat red blue what color is it ? yes no two ##s ##y".split()
SMALL_TEXT = dict(hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=16)
BASE_TEXT = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, max_position_embeddings=512)


def config_of(size):
    small = size == "small"
    vocabulary = len(WORDS) + 2 if small else 30524
    tokens = dict(bos_token_id=vocabulary - 2, sep_token_id=3 if small else 102, pad_token_id=0)
    text = dict(SMALL_TEXT if small else BASE_TEXT, vocab_size=vocabulary, encoder_hidden_size=VISION[size]["hidden_size"])
    return BlipConfig(
        text_config=dict(text, **tokens),
        vision_config=VISION[size],
        image_text_hidden_size=16 if small else 256,
    )


def model_of(kind, config, seed):
    """Random weights that make outputs differ from input to input: nothing at zero, no gain at one."""
    torch.manual_seed(seed)
    model = kind(config).eval()
    wide = config.text_config.hidden_size > 64
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "norm" in name.lower():
                tensor.normal_(1.0 if name.endswith("weight") else 0.0, 0.2)
            else:
                tensor.normal_(0.0, 0.03 if wide else 0.15)
    return model


def rounded(model, dtype):
    """The model with weights that survive the way to `dtype` and back."""
    if dtype != torch.float32:
        model.to(dtype).to(torch.float32)
    return model


def inputs(config, batch, equal=False):
    """Images and padded texts. Lengths differ, unless they are questions: transformers 5.24 passes the mask of what a
    decoder looks at to its cross-attention under a name that is not read there, so padding of a question would be seen."""
    vision, text = config.vision_config, config.text_config
    length = 8
    pixels = torch.randn(batch, 3, vision.image_size, vision.image_size)
    ids = torch.randint(5, text.vocab_size - 2, (batch, length))
    mask = torch.ones(batch, length, dtype=torch.long)
    cls = 2 if text.vocab_size < 1000 else 101
    for row in range(batch):
        end = length - 1 - (0 if equal else row)
        ids[row, 0], ids[row, end] = cls, text.sep_token_id
        ids[row, end + 1 :], mask[row, end + 1 :] = text.pad_token_id, 0
    return dict(pixels=pixels, ids=ids, mask=mask)


def starting(ids, token):
    return torch.cat([torch.full_like(ids[:, :1], token), ids[:, 1:]], 1)


def padded(ids, length, value):
    return torch.nn.functional.pad(ids, (0, length - ids.shape[1]), value=value)


@torch.no_grad()
def retrieval(model, given):
    enc = model.config.text_config.vocab_size - 1
    vision = model.vision_model(given["pixels"]).last_hidden_state
    text = model.text_encoder(given["ids"], attention_mask=given["mask"]).last_hidden_state
    unit = lambda x: torch.nn.functional.normalize(x, dim=-1)
    matched = model(starting(given["ids"], enc), given["pixels"], attention_mask=given["mask"], use_itm_head=True)
    return dict(
        vision=vision,
        text=text,
        image_feature=unit(model.vision_proj(vision[:, 0])),
        text_feature=unit(model.text_proj(text[:, 0])),
        itm=matched.itm_score,
    )


BEAMS = dict(num_beams=3, do_sample=False)


def decoded(model, given, states, mask, length, prompt):
    """Logits of a text that is given, and what a beam search writes after a prompt."""
    text = model.config.text_config
    ids = starting(given["ids"], text.bos_token_id)
    logits = model.text_decoder(ids, attention_mask=given["mask"], encoder_hidden_states=states, encoder_attention_mask=mask)
    start = torch.tensor([[text.bos_token_id, *prompt]] * len(ids))
    written = model.text_decoder.generate(
        input_ids=start, max_length=length, eos_token_id=text.sep_token_id, pad_token_id=text.pad_token_id,
        encoder_hidden_states=states, encoder_attention_mask=mask, **BEAMS,
    )
    return dict(logits=logits.logits, start=start, generated=padded(written, length, text.pad_token_id))


@torch.no_grad()
def answering(model, given):
    enc = model.config.text_config.vocab_size - 1
    vision = model.vision_model(given["pixels"]).last_hidden_state
    question = model.text_encoder(
        starting(given["ids"], enc), attention_mask=given["mask"], encoder_hidden_states=vision,
        encoder_attention_mask=torch.ones(vision.shape[:2], dtype=torch.long),
    ).last_hidden_state
    return dict(vision=vision, question=question, **decoded(model, given, question, given["mask"], 10, []))


@torch.no_grad()
def captioning(model, given):
    vision = model.vision_model(given["pixels"]).last_hidden_state
    mask = torch.ones(vision.shape[:2], dtype=torch.long)
    prompt = [5, 6, 7] if model.config.text_config.vocab_size < 1000 else [1037, 3861, 1997]
    return dict(vision=vision, **decoded(model, given, vision, mask, 12, prompt))


def write_expected(folder, given, outputs):
    small = {name: tensor.contiguous() for name, tensor in {**given, **outputs}.items()}
    save_file(small, folder / "expected.safetensors")


def write_sides(folder, model, small):
    """What lies beside the weights in a repository."""
    model.config.save_pretrained(folder)
    size = model.config.vision_config.image_size
    preprocessor = dict(
        do_normalize=True, do_rescale=True, do_resize=True, image_processor_type="BlipImageProcessor", resample=3,
        image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711],
        rescale_factor=1 / 255, size=dict(height=size, width=size),
    )
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=2) + "\n")
    if small:
        (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n")


ORIGINAL = [
    ("vision_model.embeddings.class_embedding", "visual_encoder.cls_token"),
    ("vision_model.embeddings.position_embedding", "visual_encoder.pos_embed"),
    ("vision_model.embeddings.patch_embedding", "visual_encoder.patch_embed.proj"),
    ("vision_model.encoder.layers", "visual_encoder.blocks"),
    ("vision_model.post_layernorm", "visual_encoder.norm"),
    ("layer_norm", "norm"),
    ("self_attn.qkv", "attn.qkv"),
    ("self_attn.projection", "attn.proj"),
]


def original(state):
    """The names of the original release."""
    renamed = {}
    for name, tensor in state.items():
        for new, old in ORIGINAL:
            name = name.replace(new, old)
        renamed[name] = tensor
    return renamed


def release_extras(state, layers, width, bottleneck, rank):
    """What UniAdapter's release saves beside the backbone: adapters under all their aliases, twins and queues."""
    extras = {}
    shapes = {
        "adapter_layer_norm_before": (width,), "adapter_layer_norm_cross_modal": (width,), "down_proj": (bottleneck, width),
        "up_proj": (width, bottleneck), "multi_up_proj": (width, bottleneck), "visual_up_proj": (width, bottleneck),
    }
    for i in range(layers):
        for name, shape in shapes.items():
            for part, size in (("weight", shape), ("bias", shape[:1])):
                tensor = torch.randn(size) * 0.1
                for place in (
                    f"adapters.{i}", f"visual_encoder.adapters.{i}", f"visual_encoder.blocks.{i}.adapter",
                    f"text_encoder.encoder.layer.{i}.adapter",
                ):
                    extras[f"{place}.{name}.{part}"] = tensor
                extras[f"adapters_m.{i}.{name}.{part}"] = tensor.clone()
    for name in ("video_key_adapter", "video_value_adapter"):
        place = f"text_encoder.encoder.{name}"
        extras[f"{place}.scale"] = torch.ones(1)
        for layer, (out, into) in dict(down_proj=(rank, width), up_proj=(width, rank)).items():
            extras[f"{place}.{layer}.weight"] = torch.randn(out, into) * 0.1
            extras[f"{place}.{layer}.bias"] = torch.randn(out) * 0.1
    return {**state, **extras}


def buffers(state, queue):
    """What training leaves in a retrieval checkpoint."""
    twins = {"vision_proj_m.weight": state["vision_proj.weight"].clone(), "visual_encoder_m.cls_token": state["visual_encoder.cls_token"].clone()}
    projection = state["vision_proj.weight"].shape[0]
    queues = dict(
        image_queue=torch.randn(projection, queue), text_queue=torch.randn(projection, queue),
        idx_queue=torch.full((1, queue), -100), ptr_queue=torch.zeros(1, dtype=torch.long), temp=torch.tensor(0.06),
    )
    positions = torch.arange(state["text_encoder.embeddings.position_embeddings.weight"].shape[0])[None]
    return {**state, **twins, **queues, "text_encoder.embeddings.position_ids": positions}


def positions(out):
    """A table of positions for a grid of 5 × 5 at other sizes, as the original's interpolate_pos_embed makes them."""
    torch.manual_seed(4)
    table = torch.randn(1, 26, 2)
    grid = table[:, 1:].reshape(1, 5, 5, 2).permute(0, 3, 1, 2)
    tables = dict(table=table)
    for side in (3, 7, 14):
        resized = torch.nn.functional.interpolate(grid, size=(side, side), mode="bicubic", align_corners=False)
        tables[f"side{side}"] = torch.cat([table[:, :1], resized.permute(0, 2, 3, 1).flatten(1, 2)], 1)
    save_file(tables, out / "positions.safetensors")


def small(out):
    config = config_of("small")
    for name, kind, compute, dtype in (
        ("itm-float32", BlipForImageTextRetrieval, retrieval, torch.float32),
        ("vqa-float16-bin", BlipForQuestionAnswering, answering, torch.float16),
        ("caption-bfloat16-shards", BlipForConditionalGeneration, captioning, torch.bfloat16),
    ):
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        model = rounded(model_of(kind, config, 1), dtype)
        given = inputs(config, 2, equal=compute is answering)
        write_expected(folder, given, compute(model, given))
        model.to(dtype)
        if name.endswith("bin"):
            torch.save(model.state_dict(), folder / "pytorch_model.bin")
        else:
            model.save_pretrained(folder, max_shard_size="120KB" if "shards" in name else "1GB")
        write_sides(folder, model, True)

    # Original names have no configuration beside them: heads are 64 wide, eps is 1e-6, both towers are alike.
    original_config = config_of("small")
    original_config.vision_config.num_attention_heads = original_config.text_config.num_attention_heads = 1
    original_config.vision_config.layer_norm_eps = 1e-6
    original_config.vision_config.num_hidden_layers = 2
    model = rounded(model_of(BlipForImageTextRetrieval, original_config, 2), torch.bfloat16)
    given = inputs(original_config, 2)
    folder = out / "original"
    folder.mkdir(parents=True, exist_ok=True)
    write_expected(folder, given, retrieval(model, given))
    state = buffers(original(model.to(torch.bfloat16).state_dict()), 4)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    torch.save({"model": state, "epoch": 3}, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.manual_seed(3)
    release = release_extras(state, 2, 64, 4, 2)
    options = dict(modality="image", adapter_dim=4, video_key_adapter=True, image_size=32, lr=1e-5)
    positions(out)
    torch.save({"model": release, "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}}, "config": options, "epoch": 0}, folder / "release.pth")


def published(size, out):
    config = config_of(size)
    for name, kind, compute, dtype, layout in (
        ("itm-float32", BlipForImageTextRetrieval, retrieval, torch.float32, "single"),
        ("itm-float16-shards", BlipForImageTextRetrieval, retrieval, torch.float16, "shards"),
        ("vqa-float32-bin", BlipForQuestionAnswering, answering, torch.float32, "bin"),
        ("caption-bfloat16", BlipForConditionalGeneration, captioning, torch.bfloat16, "single"),
        ("original-pth", BlipForImageTextRetrieval, retrieval, torch.float32, "pth"),
    ):
        folder = out / f"{size}-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        own = config_of(size)
        if layout == "pth":
            own.vision_config.layer_norm_eps = 1e-6
        model = rounded(model_of(kind, own, 1), dtype)
        given = inputs(config, 2, equal=compute is answering)
        write_expected(folder, given, compute(model, given))
        model.to(dtype)
        if layout == "bin":
            torch.save(model.state_dict(), folder / "pytorch_model.bin")
        elif layout == "pth":
            torch.save({"model": buffers(original(model.state_dict()), 57600)}, folder / "model.pth")
        else:
            model.save_pretrained(folder, max_shard_size="100MB" if layout == "shards" else "10GB")
        if layout != "pth":
            write_sides(folder, model, False)
        print(folder, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in VISION:
        sys.exit(__doc__)
    torch.set_num_threads(2)
    (small if sys.argv[1] == "small" else lambda out: published(sys.argv[1], out))(Path(sys.argv[2]))
