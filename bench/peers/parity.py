"""Holds release.py and objectives.py against fixtures that the official modules wrote, as docs/parity.md describes them."""

import json
from pathlib import Path

import torch
from safetensors import safe_open

from objectives import Answering, Retrieval
from release import AnsweringModel, RetrievalModel, Sizes

BOUNDS = {"loss": 1e-4, "gradient": 1e-3, "after the last step": 1e-4}
LR = 1e-3


def check(path):
    """-> for losses and gradients the largest difference relative to the tensor's largest number, for parameters absolute"""
    with safe_open(path, "pt") as file:
        told, arrays = file.metadata(), {key: file.get_tensor(key) for key in file.keys()}
    replay = retrieval if "queue.image" in arrays else answering
    step, batch_of, losses_of = replay(told, arrays)
    step.model.load_state_dict(weights_of(arrays, "weight."))
    if replay is retrieval:
        step.twin.load_state_dict(step.model.state_dict())
    worst = dict.fromkeys(BOUNDS, 0.0)
    for n in range(sum(key.endswith(".image") and key.startswith("step") for key in arrays)):
        got = step.run(batch_of(n))
        for mine, expected in zip(got, losses_of(n)):
            worst["loss"] = max(worst["loss"], abs(mine - expected.item()) / abs(expected.item()))
        if n == 0:
            worst["gradient"] = gradients(step, told, arrays)
    for name, parameter in step.trained.items():
        if not moves_all_keys_alike(name, told, arrays):
            difference = (parameter - arrays[f"final.{name}"].view_as(parameter)).abs().max().item()
            worst["after the last step"] = max(worst["after the last step"], difference)
    return worst


def weights_of(arrays, prefix):
    return {key[len(prefix) :]: tensor for key, tensor in arrays.items() if key.startswith(prefix)}


def gradients(step, told, arrays):
    expected = weights_of(arrays, "step0.grad.")
    if set(expected) != set(step.trained):
        raise SystemExit(f"other tensors train: {sorted(set(expected) ^ set(step.trained))}")
    apart = lambda got, want: ((got - want.view_as(got)).abs().max() / want.abs().max()).item()
    compared = {name for name in step.trained if not moves_all_keys_alike(name, told, arrays)}
    return max(apart(step.trained[name].grad, expected[name]) for name in compared)


def moves_all_keys_alike(name, told, arrays):
    """A bias of every key does not change a softmax: its gradient is noise, which AdamW turns into steps of full size."""
    is_bias = "video_key_adapter" in name and name.endswith("bias")
    is_weighed = json.loads(told["config"])["frame_aware_attention"] and arrays["step0.image"].dim() == 5
    return is_bias and (name.startswith("text_decoder.") or not is_weighed)


def sizes_of(told, arrays):
    number = lambda key: int(told[key])
    config = json.loads(told["config"])
    rows = lambda key: len(arrays[f"weight.{key}.weight"])
    return Sizes(
        width=number("width"), layers=number("layers"), heads=number("heads"), image=number("image_size"),
        vision_mlp=rows("visual_encoder.blocks.0.mlp.fc1"), text_mlp=rows("text_encoder.encoder.layer.0.intermediate.dense"),
        patch=number("patch"), vocabulary=number("vocab"), positions=number("max_positions"), pad=number("pad"),
        projection=int(told.get("embed_dim", 0)), bottleneck=config["adapter_dim"], key_value=config["video_key_adapter_dim"],
        vision_eps=float(told["vit_ln_eps"]), text_eps=float(told["text_ln_eps"]), dec=number("bos"), enc=number("enc"),
        tied=False,
    )


def retrieval(told, arrays):
    model = RetrievalModel(sizes_of(told, arrays))
    step = Retrieval(
        model, int(told["queue_size"]), momentum=float(told["momentum"]), alpha=float(told["alpha"]), lr=LR,
        negatives=lambda weights: weights.argmax(1), frame_aware=json.loads(told["config"])["frame_aware_attention"],
    )
    step.images, step.texts, step.ids = arrays["queue.image"], arrays["queue.text"], arrays["queue.idx"]
    names = dict(image="image", ids="input_ids", mask="attention_mask", index="idx")
    batch_of = lambda n: {name: arrays[f"step{n}.{key}"] for name, key in names.items()}
    return step, batch_of, lambda n: [arrays[f"step{n}.loss_ita"], arrays[f"step{n}.loss_itm"]]


def answering(told, arrays):
    step = Answering(AnsweringModel(sizes_of(told, arrays)), lr=LR, smoothing=float(told["label_smoothing"]))
    texts = dict(
        question=arrays["question_ids"], question_mask=arrays["question_mask"], answer=arrays["answer_ids"],
        answer_mask=arrays["answer_mask"], answer_weight=arrays["answer_weights"], answers=arrays["answers_per_question"],
    )
    return step, lambda n: dict(texts, image=arrays[f"step{n}.image"]), lambda n: [arrays[f"step{n}.loss"]]
